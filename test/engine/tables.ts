import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { Random } from "../../src/base/random";

/** A folder for the files of a test, and one for the engine's temporary files. */
export const folder: string = mkdtempSync(join(tmpdir(), "engine-test-"));
export const temporary: string = mkdtempSync(join(tmpdir(), "engine-temporary-"));
after(() => {
  for (const one of [folder, temporary]) rmSync(one, { recursive: true, force: true });
});

/** What the engine has left behind. */
export function leftBehind(): string[] {
  return readdirSync(temporary);
}

/** Runs SQL in a database, in memory unless one is named. */
export async function sql(statements: readonly string[], path: string = ":memory:"): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

/** A table of people, some rows of which are alike. */
export interface People {
  readonly [name: string]: readonly (string | number)[];
  readonly 'ci"ty': readonly string[];
  readonly code: readonly string[];
  readonly age: readonly number[];
  readonly label: readonly string[];
}

/** @param classes the names of the classes */
export function people(rows: number, seed: number, classes: readonly string[]): People {
  const random = new Random(seed);
  const cities = ["Rom'e", 'Par"is', "Köln", "; DROP TABLE x", "-- "];
  const pick = (count: number) => Math.floor(random.uniform() * count);
  const table = { 'ci"ty': [] as string[], code: [] as string[], age: [] as number[], label: [] as string[] };
  for (let i = 0; i < rows; i++) {
    const city = pick(cities.length);
    const age = 20 + pick(40) / 2;
    table['ci"ty'].push(cities[city]);
    table.code.push(`0${pick(7)}`);
    table.age.push(age);
    const liking = random.uniform() < 1 / (1 + Math.exp(-(city - 2 + (age - 30) / 10)));
    table.label.push(classes[liking ? pick(classes.length) : 0]);
  }
  return table;
}

/** Writes a table of people to a Parquet file, a CSV file or a table of a database. */
export async function write(
  table: People,
  kind: "parquet" | "csv" | "database",
  name: string,
): Promise<string> {
  const path = join(folder, name);
  const text = (value: string | number) =>
    typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : `${value}::DOUBLE`;
  const names = Object.keys(table);
  const rows = table.age.map((_, i) => `(${names.map((n) => text(table[n][i])).join(",")})`);
  const columns = names.map((n) => `"${n.replaceAll('"', '""')}"`).join(",");
  const select = `SELECT * FROM (VALUES ${rows.join(",")}) t(${columns})`;
  if (kind === "database") await sql([`CREATE TABLE "my ""people" AS ${select}`], path);
  else await sql([`COPY (${select}) TO '${path}' (FORMAT ${kind})`]);
  return path;
}
