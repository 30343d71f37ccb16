import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../src/base/random";
import type { TableSpec } from "../../src/engine/source";
import type { EncoderSpec } from "../../src/frame/encoder-spec";
import { folder, sql } from "./tables";

export interface Visits {
  readonly [name: string]: readonly (string | number | null)[];
  readonly shop: readonly (string | null)[];
  readonly size: readonly (string | null)[];
  readonly age: readonly (number | null)[];
  readonly spent: readonly number[];
  readonly day: readonly (string | null)[];
  readonly code: readonly number[];
  readonly label: readonly string[];
}

/** Visits to shops: numbers with far values, levels that are rare, dates, and holes in some columns. */
export function visits(rows: number, seed: number): Visits {
  const random = new Random(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(of.length * random.uniform() ** 2)];
  const shops = Array.from({ length: 40 }, (_, k) => `shop ${k}${k % 7 === 0 ? "\\" : ""}`);
  const all = Array.from({ length: rows }, (_, i) => {
    const shop = pick(shops);
    const size = pick(["S", "M", "L", "XL"]);
    const spent = Math.round(1000 * Math.exp(random.normal())) / 100;
    const day = new Date(Date.UTC(2023, 0, 1) + Math.floor(random.uniform() * 5e10))
      .toISOString()
      .slice(0, 19);
    const score =
      shops.indexOf(shop) / 20 - 1 + (size === "L" ? 1 : 0) + (Number(day.slice(5, 7)) > 6 ? 0.8 : -0.4);
    return {
      shop: i % 31 === 0 ? null : shop,
      size: i % 41 === 0 ? null : size,
      age: i % 17 === 0 ? null : 18 + Math.floor(60 * random.uniform()),
      spent,
      day: i % 53 === 0 ? null : `${day}Z`,
      code: 1 + Math.floor(9 * random.uniform()),
      label: random.uniform() < 1 / (1 + Math.exp(-score)) ? "yes" : "no",
    };
  });
  type Row = (typeof all)[number];
  const column = <K extends keyof Row>(name: K): Row[K][] => all.map((row) => row[name]);
  return {
    ...{ shop: column("shop"), size: column("size"), age: column("age"), spent: column("spent") },
    ...{ day: column("day"), code: column("code"), label: column("label") },
  };
}

export async function written(
  table: Visits,
  name: string,
  kind: "parquet" | "csv" = "parquet",
): Promise<string> {
  const json = join(folder, `${name}.json`);
  const rows = table.label.map((_, i) =>
    JSON.stringify(Object.fromEntries(Object.entries(table).map(([key, cells]) => [key, cells[i]]))),
  );
  writeFileSync(json, rows.join("\n"));
  const path = join(folder, `${name}.${kind}`);
  const columns =
    "{shop: 'VARCHAR', size: 'VARCHAR', age: 'DOUBLE', spent: 'DOUBLE', day: 'VARCHAR', code: 'BIGINT', label: 'VARCHAR'}";
  await sql([
    `COPY (SELECT * FROM read_json('${json}', columns = ${columns}, format = 'newline_delimited')) TO '${path}' (FORMAT ${kind}${kind === "parquet" ? ", ROW_GROUP_SIZE 2048" : ""})`,
  ]);
  return path;
}

/** Columns of all kinds but those of the label's log-odds. */
export const every: EncoderSpec & TableSpec = {
  label: "label",
  numeric: ["age", { column: "spent", scale: "robust" }],
  categorical: [
    { column: "shop", rare: 25 },
    { column: "code", bits: 3, seed: 5 },
  ],
  ordinal: { column: "size", levels: ["S", "M", "L", "XL"] },
  dates: { column: "day", cycles: ["hour", "weekday", "monthday", "month", "yearday"] },
  crosses: [
    { columns: ["shop", "size"], rare: 9 },
    { columns: ["size", "code"], bits: 5 },
  ],
  missing: "indicator",
};

/** Kinds one by one. */
export const single: readonly (EncoderSpec & TableSpec)[] = [
  { numeric: { column: "age", bins: 7 }, missing: "mean" },
  { numeric: { column: "spent", bins: 40 } },
  {
    numeric: { column: "spent", scale: "robust" },
    ordinal: { column: "size", levels: ["XL", "L", "M", "S"] },
    missing: "mean",
  },
  { target: "shop", missing: "mean" },
  {
    target: [{ column: "shop", folds: 3, smoothing: 2, seed: 9 }, "code"],
    numeric: "age",
    missing: "indicator",
  },
  { categorical: { column: "shop", rare: 30 }, unseen: "level", missing: "mean" },
  { crosses: [{ columns: ["shop", "size", "code"], rare: 3 }], unseen: "level", missing: "mean" },
].map((own) => ({ label: "label", ...own }) as EncoderSpec & TableSpec);
