import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConnectClient } from "../../src/engine/spark/client";
import { toSql } from "../../src/export/sql/to-sql";
import { TestCluster } from "../engine/spark/cluster";
import { folder, sql } from "../engine/tables";
import { cancerCases, digitsCases } from "./cases";
import { type Column, columnsOf, sameRows } from "./columns";
import { flightCases } from "./kinds-cases";

const cluster = new TestCluster();
let client: ConnectClient;
before(async () => {
  await cluster.up();
  const { hostname, port } = new URL(cluster.address.replace("sc:", "http:"));
  const address = { host: hostname, port: Number(port), tls: false };
  client = new ConnectClient({ address, token: cluster.token, certificates: null });
});
after(async () => {
  await client.close();
  await cluster.down();
});

const key = "the row's number";

/** Writes columns to a Parquet file of an odd name. @returns its path */
async function written(columns: readonly Column[], rows: number): Promise<string> {
  const lines = join(folder, "rows.jsonl");
  const parquet = join(folder, "odd `rows`.parquet");
  const line = (i: number) =>
    JSON.stringify(Object.fromEntries([[key, i], ...columns.map(({ name, values }) => [name, values[i]])]));
  writeFileSync(lines, Array.from({ length: rows }, (_, i) => `${line(i)}\n`).join(""));
  const text = (name: string) => `'${name.replaceAll("'", "''")}'`;
  const types = [
    `${text(key)}: 'INTEGER'`,
    ...columns.map(({ name, type }) => `${text(name)}: '${type === "text" ? "VARCHAR" : "DOUBLE"}'`),
  ].join();
  await sql([
    `COPY (SELECT * FROM read_json('${lines}', format = 'newline_delimited', columns = {${types}})) TO '${parquet}' (FORMAT parquet)`,
  ]);
  return parquet;
}

for (const [name, make] of Object.entries({ cancerCases, digitsCases, flightCases })) {
  test(`${name.replace("Cases", "")}: SQL in Spark says what the model says`, async () => {
    let rows = 0;
    for (const c of await make()) {
      const options = c.encoder === undefined ? {} : { encoder: c.encoder };
      const table = ["parquet", await written(columnsOf(c), c.features.rows)];
      const [query, check] = toSql(c.model, { ...options, dialect: "spark", table }).files.map(
        ({ content }) => content as string,
      );
      const answer = await client.rows(query);
      const found = [...answer].sort((a, b) => Number(a[key]) - Number(b[key]));
      sameRows(c, found, Object.keys(found[0]).slice(-c.model.classes.length));
      assert.deepEqual(await client.rows(check), [], `${c.name}: the query that tests itself`);
      rows += found.length;
    }
    assert.ok(rows > 1500, `${rows} rows`);
  });
}
