import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogitpressError } from "../../../src/base/errors";
import { isLoopback, parseAddress } from "../../../src/engine/spark/address";
import { parseSpark } from "../../../src/engine/spark/options";
import { sparkPackages } from "../../../src/engine/spark/packages";
import {
  cellsSql,
  dealSql,
  literal,
  packSql,
  quoted,
  quotedTable,
  roundSql,
} from "../../../src/engine/spark/sql";
import { parseSparkTable, type SparkTable } from "../../../src/engine/spark/table";

test("addresses are those of Spark", () => {
  assert.deepEqual(parseAddress("sc://127.0.0.1:15003", false), {
    host: "127.0.0.1",
    port: 15003,
    tls: false,
  });
  assert.deepEqual(parseAddress("sc://localhost", false), { host: "localhost", port: 15002, tls: false });
  assert.deepEqual(parseAddress("sc://[::1]:7", false), { host: "::1", port: 7, tls: false });
  const far = { host: "spark.example", port: 443, tls: true };
  assert.deepEqual(parseAddress("sc://spark.example:443/;use_ssl=true", true), far);
  for (const wrong of [
    "http://localhost",
    "sc://",
    "sc://a b",
    "sc://host:99999",
    "sc://host:0",
    "localhost:15002",
  ]) {
    assert.throws(() => parseAddress(wrong, true), { code: "invalid-option" }, wrong);
  }
});

test("beyond this machine there is no connection without TLS and a token", () => {
  assert.throws(() => parseAddress("sc://10.0.0.1:15002", true), { code: "missing-option", message: /TLS/ });
  assert.throws(() => parseAddress("sc://10.0.0.1/;use_ssl=true", false), {
    code: "missing-option",
    message: /token/,
  });
  assert.throws(() => parseAddress("sc://127.0.0.1.example.com", true), { code: "missing-option" });
  assert.ok(isLoopback("127.9.9.9") && !isLoopback("128.0.0.1") && !isLoopback("127.0.0.1.nip.io"));
});

test("a token in an address is refused and not repeated", () => {
  assert.throws(
    () => parseAddress("sc://localhost/;token=hush-hush", true),
    (error: LogitpressError) => error.code === "invalid-option" && !error.message.includes("hush"),
  );
  assert.throws(
    () => parseSpark("sc://localhost", { token: "two\nlines" }),
    (error: LogitpressError) => {
      return error.code === "invalid-option" && !error.message.includes("lines");
    },
  );
});

test("options are checked, and the token may come from the environment", () => {
  assert.throws(() => parseSpark("sc://localhost", { tokn: "x" } as never), { code: "unknown-option" });
  assert.throws(() => parseSpark("sc://localhost", { partitions: 0 }), { code: "invalid-option" });
  assert.throws(() => parseSpark("sc://localhost", { patience: -1 }), { code: "invalid-option" });
  assert.throws(() => parseSpark("sc://localhost", { compute: "python" as never }), {
    code: "invalid-option",
  });
  const before = process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN;
  process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN = "from-outside";
  assert.equal(parseSpark("sc://localhost", {}).connection.token, "from-outside");
  assert.equal(parseSpark("sc://localhost", { token: "own" }).connection.token, "own");
  if (before === undefined) delete process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN;
  else process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN = before;
});

test("each package that is missing is named with the command that installs all", () => {
  for (const name of ["@grpc/grpc-js", "@grpc/proto-loader", "apache-arrow"]) {
    const without = (asked: string): unknown => {
      if (asked === name) throw Object.assign(new Error("gone"), { code: "MODULE_NOT_FOUND" });
      return {};
    };
    assert.throws(
      () => sparkPackages(without),
      (error: LogitpressError) => {
        assert.equal(error.code, "missing-dependency");
        assert.ok(error.message.includes(name) && error.message.includes("npm install @grpc/grpc-js@"));
        return true;
      },
    );
  }
});

const table: SparkTable = { table: "sales.`odd ``name`", label: "l`abel", numeric: ["n"], categorical: "c" };

test("a table's options are checked", () => {
  const refused = (change: object, code: string): void => {
    assert.throws(() => parseSparkTable({ ...table, ...change }), { code }, JSON.stringify(change));
  };
  refused({ kind: 1 }, "unknown-option");
  refused({ table: undefined }, "missing-option");
  refused({ csv: "a.csv" }, "invalid-option");
  refused({ label: undefined }, "missing-option");
  refused({ numeric: [], categorical: [] }, "missing-option");
  refused({ weights: "n" }, "invalid-option");
  refused({ numeric: ["c"] }, "invalid-option");
  refused({ missing: "zero" }, "invalid-option");
  refused({ table: undefined, parquet: [] }, "missing-option");
});

test("names and texts are quoted, and every script is told the format of rows on both sides", () => {
  assert.equal(quoted("a`b"), "`a``b`");
  assert.equal(quotedTable("sales.`odd ``name`"), "`sales`.`odd ``name`");
  assert.throws(() => quotedTable("a..b"), { code: "invalid-option" });
  assert.equal(literal("it's \\"), "'it\\'s \\\\'");
  assert.match(
    cellsSql(["a`b"]),
    /CASE WHEN `a``b` IN \('', 'NA', .*\) THEN NULL ELSE `a``b` END AS `a``b` FROM/,
  );
  const place = { node: "/opt/no de/bin'x", folder: "0f-1" };
  const types = new Map([
    ["l`abel", "string"],
    ["n", "string"],
    ["c", "int"],
  ]);
  for (const sql of [
    packSql(place, parseSparkTable(table), types, []),
    roundSql(place),
    dealSql(place, "l`abel", ["c"]),
  ]) {
    const scripts = sql.match(/TRANSFORM/g)!.length;
    assert.equal(sql.match(/ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'/g)!.length, 2 * scripts);
    assert.ok(!sql.includes("base64("), "base64() breaks lines");
    assert.ok(sql.includes("./0f-1/worker.cjs"), "files lie under the server's name of the session");
  }
});
