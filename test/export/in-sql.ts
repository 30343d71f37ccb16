import assert from "node:assert/strict";
import { toSql } from "../../src/export/sql/to-sql";
import { ask, partsOf, same } from "./agreement";
import type { Case } from "./cases";

export function sqlInDuckDb(c: Case): void {
  const { p, options } = partsOf(c);
  if (p.text.length > 0) {
    assert.throws(() => toSql(c.model, options), {
      code: "unsupported-model",
      message: /column of text: "text"/,
    });
    return;
  }
  const exported = toSql(c.model, { ...options, table: "rows.parquet" });
  const [query, check] = exported.files.map(({ content }) => content as string);
  const columns =
    c.frame === undefined
      ? p.matrix!.names.map((name, i) => {
          const m = c.features;
          assert.ok(m.kind === "dense");
          const j = p.matrix!.columns[i];
          const values = Array.from({ length: m.rows }, (_, r) => m.values[r * m.columns + j]);
          return { name, type: "number", values };
        })
      : [
          ...p.numeric.map(({ name }) => ({
            name,
            type: "number",
            values: Array.from(c.frame![name], (x) => (Number.isNaN(x) ? null : (x ?? null))),
          })),
          ...p.categorical.map(({ name }) => ({
            name,
            type: "text",
            values: Array.from(c.frame![name], (x) => (x === null || x === undefined ? null : String(x))),
          })),
        ];
  const answer = ask("duck.py", { columns, query, test: check }) as {
    names: string[];
    rows: (string | number | boolean)[][];
    wrong: number;
    tables: number;
  };
  assert.equal(answer.wrong, 0, `${c.name}: the query that tests itself`);
  assert.equal(answer.tables, 0);
  const numbers = new Map(c.model.classes.map((label, k) => [label, k]));
  same(
    c,
    {
      labels: answer.rows.map(([label]) => numbers.get(label)!),
      probabilities: answer.rows.flatMap(([, ...probabilities]) => probabilities as number[]),
    },
    1e-6,
  );
}
