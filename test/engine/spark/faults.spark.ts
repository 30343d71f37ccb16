import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LogitpressError } from "../../../src/base/errors";
import { ConnectClient } from "../../../src/engine/spark/client";
import { spark } from "../../../src/engine/spark/spark";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import { root } from "../../python";
import { folder } from "../tables";

import {
  cluster,
  engine,
  estimator,
  flightsThere,
  onCluster,
  options,
  partitions,
  sameBits,
  select,
  table,
  undisturbed,
} from "./flights";

onCluster();

test("a token that is wrong or missing is refused, and none is seen in the list of processes", async () => {
  for (const token of ["wrong", ""]) {
    const fit = estimator.fit(table, { engine: spark(cluster.address, { token }) });
    await assert.rejects(fit, (error: LogitpressError) => {
      assert.equal(error.code, "invalid-option");
      assert.match(error.message, /token/);
      return true;
    });
  }
  assert.ok(!cluster.commandLines().includes(cluster.token));
});

/** Fits, and ends a process by force when some rounds are done. */
async function disturbed(rounds: number, kill: () => void | Promise<void>): Promise<void> {
  const theirs = await undisturbed();
  let killed: unknown = null;
  let at = -1;
  const ours = await estimator.fit(await flightsThere(), {
    engine: engine(),
    onProgress: ({ step, done = 0 }) => {
      if (step === "fit" && at < 0 && done >= rounds) {
        at = done;
        killed = kill();
      }
    },
  });
  await killed;
  assert.ok(at >= 0, "nothing was ended");
  sameBits(ours, theirs);
}

test("an executor that is killed in mid-fit costs time alone", async () => {
  await disturbed(2, () => {
    const [pid] = cluster.processes("CoarseGrainedExecutorBackend");
    process.kill(pid, "SIGKILL");
  });
});

test("a worker that is killed in mid-round costs time alone", async () => {
  let tries = 0;
  await disturbed(2, async () => {
    for (let killed = false; !killed && tries < 2000; tries++) {
      const [pid] = cluster.processes("worker.cjs");
      if (pid === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      else {
        process.kill(pid, "SIGKILL");
        killed = true;
      }
    }
    assert.ok(tries < 2000, "no worker was found");
  });
});

test("the Connect server that is killed and started again costs time alone", async () => {
  await disturbed(2, async () => {
    const { processes } = (await cluster.command("status")) as { processes: Record<string, number> };
    process.kill(processes.connect, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await cluster.start();
  });
});

test("a fit whose process is killed goes on from its checkpoint to the same weights", async () => {
  const theirs = await undisturbed();
  const checkpoint = join(folder, "fit.checkpoint");
  const code = `
    const { spark } = require(${JSON.stringify(join(root, "dist/src/engine/spark/spark.js"))});
    const { LogisticRegression } = require(${JSON.stringify(join(root, "dist/src/train/logistic-regression.js"))});
    const engine = spark(${JSON.stringify(cluster.address)}, { partitions: ${partitions}, checkpoint: ${JSON.stringify(checkpoint)} });
    new LogisticRegression(${JSON.stringify(options)}).fit(${JSON.stringify(table)}, {
      engine, onProgress: ({ step, done }) => step === "fit" && console.log(done),
    });`;
  const env = { ...process.env, SPARK_CONNECT_AUTHENTICATE_TOKEN: cluster.token };
  const child = spawn(process.execPath, ["-e", code], { env, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      if (
        String(text)
          .split("\n")
          .some((line) => Number(line) >= 3)
      )
        child.kill("SIGKILL");
    });
    child.on("exit", (_, signal) =>
      signal === "SIGKILL" ? resolve() : reject(new Error("it was not killed")),
    );
  });
  const bytes = readFileSync(checkpoint);
  const first: number[] = [];
  const own = engine({ checkpoint });
  const ours = await estimator.fit(table, {
    engine: own,
    onProgress: ({ step, done = 0 }) => {
      if (step === "fit") first.push(done);
    },
  });
  assert.ok(first[0] >= 3, `it began at ${first[0]}`);
  sameBits(ours, theirs);
  assert.ok(!existsSync(checkpoint), "the checkpoint stayed");
  writeFileSync(checkpoint, bytes);
  const other = new LogisticRegression({ lambda: 2e-3 }).fit(table, { engine: own });
  await assert.rejects(other, { code: "invalid-file" });
});

test("what Spark does to scripts and text, which the engine is built around", async () => {
  const { port } = new URL(cluster.address.replace("sc:", "http:"));
  const client = new ConnectClient({
    address: { host: "127.0.0.1", port: Number(port), tls: false },
    token: cluster.token,
    certificates: null,
  });
  try {
    const [broken] = await client.rows("SELECT instr(base64(repeat('x', 90)), chr(10)) AS at");
    assert.ok(Number(broken.at) > 0, "base64() breaks lines");
    await client.add([{ name: "where.txt", bytes: Buffer.from("here") }]);
    const format = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'";
    const [found] = await client.rows(
      `SELECT TRANSFORM (id) ${format} USING 'cat ./${client.serverSession}/where.txt' AS (a STRING) ${format} FROM range(1)`,
    );
    assert.equal(found.a, "here", "files lie under the server's name of the session");
    const early = await client.rows(
      `SELECT TRANSFORM (id) ${format} USING 'head -n 1' AS (a STRING) ${format} FROM range(0, 100000, 1, 1)`,
    );
    assert.equal(early.length, 1, "a script that ends early with 0 loses rows without an error");
  } finally {
    await client.close();
  }
});

test("a worker that ends early loses no rows unnoticed, and executors without Node are told", async () => {
  const liar = join(folder, "liar.sh");
  writeFileSync(
    liar,
    '#!/bin/sh\n[ "$1" = --version ] && exec node --version\nhead -c 200000 | node "$@"\n',
    { mode: 0o755 },
  );
  await assert.rejects(estimator.fit(table, { engine: engine({ node: liar }) }), (error: LogitpressError) => {
    assert.equal(error.code, "failed");
    return true;
  });
  await assert.rejects(
    estimator.fit(table, { engine: engine({ node: "/no/such/node" }) }),
    (error: LogitpressError) => {
      assert.equal(error.code, "missing-dependency");
      assert.match(error.message, /Node/);
      return true;
    },
  );
});

test("what is wrong in a table or its source is told by name", async () => {
  const missing = { ...table, categorical: ["orgin"] };
  await assert.rejects(estimator.fit(missing, { engine: engine() }), { code: "missing-column" });
  const nowhere = { ...table, parquet: join(folder, "nowhere.parquet") };
  await assert.rejects(estimator.fit(nowhere, { engine: engine() }), { code: "invalid-file" });
  const one = { ...table, select: `${select} WHERE delay > 15` };
  await assert.rejects(estimator.fit(one, { engine: engine() }), { code: "invalid-label" });
  const nan = "CASE WHEN delay = 16 THEN double('nan') ELSE double(delay > 15) END AS late";
  const unlabelled = { ...table, select: select.replace("delay > 15 AS late", nan) };
  await assert.rejects(estimator.fit(unlabelled, { engine: engine() }), { code: "invalid-label" });
  const none = { ...table, select: `${select} WHERE delay > 1e9` };
  await assert.rejects(estimator.fit(none, { engine: engine() }), { code: "empty-data" });
  const broken = {
    ...table,
    select: select
      .replace("CAST(distance AS DOUBLE)", "DOUBLE(distance) / (delay - 20)")
      .replace("delay > 15", "delay > 15"),
  };
  await assert.rejects(
    estimator.fit(
      { ...broken, select: broken.select.replace("/ (delay - 20)", "* double('inf')") },
      { engine: engine() },
    ),
    { code: "not-finite" },
  );
});
