import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { status } from "@grpc/grpc-js";
import type { LogitpressError } from "../../../src/base/errors";
import { ConnectClient, type Connection } from "../../../src/engine/spark/client";
import { Cluster, workerFiles } from "../../../src/engine/spark/cluster";
import { isLost, refused } from "../../../src/engine/spark/complaints";
import { FakeServer } from "./server";

const server = new FakeServer();
before(() => server.listen());
after(() => server.kill());

function connection(token: string | null = server.token): Connection {
  return { address: { host: "127.0.0.1", port: server.port, tls: false }, token, certificates: null };
}

function cluster(patience: number = 20): Cluster {
  return new Cluster(connection(), { node: "node", patience });
}

test("rows come by their columns' names, and the server's name of the session with them", async () => {
  const client = new ConnectClient(connection());
  const [row] = await client.rows("SELECT 'é'");
  assert.equal(row.text, "SELECT 'é'");
  assert.equal(client.serverSession, `server-${server.port}`);
  await client.configure({ "spark.sql.a": "b" });
  assert.equal(server.settings["spark.sql.a"], "b");
  const before = server.released;
  await client.close();
  assert.equal(server.released, before + 1);
});

test("files arrive whole, below and above the size of a piece", async () => {
  const client = new ConnectClient(connection());
  for (const size of [0, 1, 32 * 1024, 32 * 1024 + 1, 100_000]) {
    const bytes = Buffer.from(Array.from({ length: size }, (_, k) => (k * 7) % 251));
    await client.add([{ name: `f${size}`, bytes }]);
    assert.ok(server.artifacts.get(`files/f${size}`)?.equals(bytes), String(size));
  }
  await client.close();
});

test("a wrong token and a missing one are refused as options, without the token in the message", async () => {
  for (const token of ["wrong-and-secret", null]) {
    const client = new ConnectClient(connection(token));
    const answer = client.rows("SELECT 1").catch((error) => client.refuse(error));
    await assert.rejects(answer, (error: LogitpressError) => {
      assert.equal(error.code, "invalid-option");
      assert.match(error.message, /token/);
      assert.ok(!error.message.includes("secret"));
      return true;
    });
    client.drop();
  }
});

test("an address where nothing listens fails at once, since there is nothing to wait for", async () => {
  const idle = new FakeServer();
  await idle.listen();
  idle.kill();
  const own = new Cluster(
    { ...connection(), address: { host: "127.0.0.1", port: idle.port, tls: false } },
    { node: "node", patience: 60 },
  );
  const began = performance.now();
  await assert.rejects(
    own.run((client) => client.rows("SELECT 1")),
    { code: "failed", message: /connection to sc:/ },
  );
  assert.ok(performance.now() - began < 30_000);
});

test("a cluster that is closed opens no session again", async () => {
  const own = cluster();
  await own.run((client) => client.rows("SELECT 1"));
  const before = server.sessions.size;
  await own.close();
  await assert.rejects(
    own.run((client) => client.rows("SELECT 2")),
    { code: "failed", message: /closed/ },
  );
  assert.equal(server.sessions.size, before);
});

test("a server that is lost is waited for, and a new session gets all that the old one had", async () => {
  const own = cluster();
  const prepared: string[] = [];
  await own.prepare(async (client) => {
    prepared.push(client.session);
    await client.run("PREPARE");
  });
  server.kill();
  setTimeout(() => void server.listen(server.port), 1500);
  server.artifacts.clear();
  const [row] = await own.run((client) => client.rows("AFTER"));
  assert.equal(row.text, "AFTER");
  assert.equal(prepared.length, 2);
  assert.notEqual(prepared[0], prepared[1]);
  assert.equal(own.sessions, 2);
  for (const { name, bytes } of workerFiles())
    assert.ok(server.artifacts.get(`files/${name}`)?.equals(Buffer.from(bytes)));
  await own.close();
});

test("a session that the server forgot is opened anew, a faulty query is not asked again", async () => {
  const own = cluster();
  await own.run((client) => client.rows("FIRST"));
  server.faults.push({ code: status.INTERNAL, details: "[INVALID_HANDLE.SESSION_NOT_FOUND] gone" });
  await own.run((client) => client.rows("SECOND"));
  assert.equal(own.sessions, 2);
  server.faults.push({ code: status.INTERNAL, details: "[PARSE_SYNTAX_ERROR] near" });
  const count = server.queries.length;
  await assert.rejects(
    own.run((client) => client.rows("THIRD")),
    { code: "failed" },
  );
  assert.equal(server.queries.length, count + 1);
  await own.close();
});

test("executors with an old Node are refused, and those that run no scripts need none", async () => {
  server.node = "v18.20.0";
  const own = cluster();
  await assert.rejects(
    own.prepare(async () => {}),
    { code: "missing-dependency", message: /v18\.20\.0/ },
  );
  const sql = new Cluster(connection(), { node: "node", patience: 1, compute: "sql" });
  await sql.prepare(async () => {});
  server.node = "v20.20.2";
  await Promise.all([own.close(), sql.close()]);
});

test("patience ends", async () => {
  const short = new FakeServer();
  await short.listen();
  const own = new Cluster(
    { ...connection(), address: { host: "127.0.0.1", port: short.port, tls: false } },
    { node: "node", patience: 2 },
  );
  await own.run((client) => client.rows("SELECT 1"));
  short.kill();
  await assert.rejects(
    own.run((client) => client.rows("SELECT 2")),
    { code: "failed" },
  );
  await own.close();
});

test("a fit that is cancelled stops waiting", async () => {
  const stop = new AbortController();
  const own = new Cluster(connection(), { node: "node", patience: 60, signal: stop.signal });
  await own.run((client) => client.rows("SELECT 1"));
  server.faults.push(...Array.from({ length: 100 }, () => ({ code: status.UNAVAILABLE, details: "down" })));
  setTimeout(() => stop.abort(), 300);
  await assert.rejects(
    own.run((client) => client.rows("SELECT 2")),
    { code: "cancelled" },
  );
  server.faults.length = 0;
  await own.close();
});

test("what Spark says becomes the library's errors", () => {
  const said = (details: string, code = status.INTERNAL): LogitpressError => {
    try {
      return refused(Object.assign(new Error(details), { code, details }), "sc://host:1");
    } catch (error) {
      return error as LogitpressError;
    }
  };
  assert.match(
    said("Subprocess exited with status 127. Error: node: command not found").message,
    /Install it on every executor|Install Node/,
  );
  assert.match(
    said("exited with status 1. Error: logitpress-worker: a row has the unknown label").message,
    /unknown label/,
  );
  assert.equal(said("[TABLE_OR_VIEW_NOT_FOUND] no").code, "invalid-file");
  assert.equal(said("anything").code, "failed");
  assert.equal(said("denied", status.PERMISSION_DENIED).code, "invalid-option");
  assert.ok(isLost({ code: status.UNAVAILABLE }));
  assert.ok(!isLost(said("anything")));
});
