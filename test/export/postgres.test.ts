import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { toSql } from "../../src/export/sql/to-sql";
import { cancerCases, digitsCases } from "./cases";
import { type Column, columnsOf, sameRows } from "./columns";
import { flightCases } from "./kinds-cases";

const db = new PGlite();
after(() => db.close());

const key = "the row's number";
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Makes the table `"public"."odd ""rows"""` of columns. */
async function fill(columns: readonly Column[], rows: number): Promise<void> {
  const types = [
    `${quoted(key)} INTEGER`,
    ...columns.map(({ name, type }) => `${quoted(name)} ${type === "text" ? "TEXT" : "DOUBLE PRECISION"}`),
  ].join();
  await db.exec(`DROP TABLE IF EXISTS "odd ""rows"""; CREATE TABLE "odd ""rows""" (${types})`);
  const all = Array.from({ length: rows }, (_, i) => [
    [key, i],
    ...columns.map(({ name, values }) => [name, values[i]]),
  ]).map((entries) => Object.fromEntries(entries));
  await db.query(`INSERT INTO "odd ""rows""" SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(${types})`, [
    JSON.stringify(all),
  ]);
}

for (const [name, make] of Object.entries({ cancerCases, digitsCases, flightCases })) {
  test(`${name.replace("Cases", "")}: SQL in PostgreSQL says what the model says`, async () => {
    let rows = 0;
    for (const c of await make()) {
      const options = c.encoder === undefined ? {} : { encoder: c.encoder };
      const table = ["public", 'odd "rows"'];
      const [query, check] = toSql(c.model, { ...options, dialect: "postgres", table }).files.map(
        ({ content }) => content as string,
      );
      await fill(columnsOf(c), c.features.rows);
      const answer = await db.query<Record<string, unknown>>(query);
      const found = answer.rows.sort((a, b) => Number(a[key]) - Number(b[key]));
      const shares = answer.fields.slice(-c.model.classes.length).map((field) => field.name);
      sameRows(c, found, shares);
      assert.deepEqual((await db.query(check)).rows, [], `${c.name}: the query that tests itself`);
      rows += found.length;
    }
    assert.ok(rows > 1500, `${rows} rows`);
    const tables = await db.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    assert.deepEqual(tables.rows, [{ tablename: 'odd "rows"' }], "no name or level ran as a statement");
  });
}
