import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { planExport } from "../../src/export/options";
import { portable } from "../../src/export/portable";
import { toSql } from "../../src/export/sql/to-sql";
import { type Case, cancerCases, digitsCases } from "./cases";
import { flightCases } from "./kinds-cases";

const db = new PGlite();
after(() => db.close());

interface Column {
  readonly name: string;
  readonly type: "DOUBLE PRECISION" | "TEXT";
  readonly values: readonly (string | number | null)[];
}

const key = "the row's number";
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function columnsOf(c: Case): Column[] {
  const p = portable(c.model, planExport(c.encoder === undefined ? {} : { encoder: c.encoder }, "test"));
  const { features, frame } = c;
  if (frame === undefined) {
    assert.ok(features.kind === "dense");
    return p.matrix!.names.map((name, i) => ({
      name,
      type: "DOUBLE PRECISION",
      values: Array.from({ length: features.rows }, (_, row) => {
        return features.values[row * features.columns + p.matrix!.columns[i]];
      }),
    }));
  }
  return [
    ...p.numeric.map(({ name }): Column => {
      const number = (x: unknown) => (x === null || x === undefined || Number.isNaN(x) ? null : Number(x));
      return { name, type: "DOUBLE PRECISION", values: Array.from(frame[name], number) };
    }),
    ...p.categorical.map(({ name }): Column => {
      const text = (x: unknown) => (x === null || x === undefined ? null : String(x));
      return { name, type: "TEXT", values: Array.from(frame[name], text) };
    }),
  ];
}

/** Makes the table `"public"."odd ""rows"""` of columns. */
async function fill(columns: readonly Column[], rows: number): Promise<void> {
  const types = [
    `${quoted(key)} INTEGER`,
    ...columns.map(({ name, type }) => `${quoted(name)} ${type}`),
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
      assert.equal(found.length, c.features.rows);
      const shares = answer.fields.slice(-c.model.classes.length).map((field) => field.name);
      const { values, columns } = c.model.predictProba(c.features);
      const predicted = c.model.predict(c.features);
      found.forEach((row, i) => {
        assert.equal(row.prediction, predicted[i], `${c.name}: label of row ${i}`);
        shares.forEach((share, k) => {
          const off = Math.abs(Number(row[share]) - values[i * columns + k]);
          assert.ok(row[share] !== null && off <= 1e-6, `${c.name}: row ${i}, ${share} differs by ${off}`);
        });
      });
      assert.deepEqual((await db.query(check)).rows, [], `${c.name}: the query that tests itself`);
      rows += found.length;
    }
    assert.ok(rows > 1500, `${rows} rows`);
    const tables = await db.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    assert.deepEqual(tables.rows, [{ tablename: 'odd "rows"' }], "no name or level ran as a statement");
  });
}
