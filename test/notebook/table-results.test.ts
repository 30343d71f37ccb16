import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { duckdb } from "../../src/engine/duckdb";
import type { PackedTable } from "../../src/engine/packed-table";
import { TableEncoder } from "../../src/frame/encoder";
import "../../src/notebook/attach";
import { bundleOf } from "../../src/notebook/render";
import { report } from "../../src/notebook/report/report";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { people, temporary, write } from "../engine/tables";

const hostile = `<img src=x onerror="alert(1)">`;
const columns = { label: "label", categorical: ['ci"ty', "code"], numeric: "age" } as const;
const rows = people(1000, 4, ["no", hostile]);
const data = TableEncoder.fit(rows, columns).transform(rows);
let table: PackedTable;

before(async () => {
  const engine = duckdb({ memoryLimit: "400MB", threads: 1, temporaryFolder: temporary });
  table = await engine.encode({ parquet: await write(rows, "parquet", "shown.parquet"), ...columns });
});
after(() => table.close());

async function shown(value: unknown): Promise<string> {
  const { "text/html": html, "text/plain": text } = await bundleOf(value);
  assert.match(String(html), /<table/);
  assert.doesNotMatch(String(html), /<img src=x/);
  return String(text);
}

test("an encoder shows what each column becomes", async () => {
  const column = (letters: string, k: number) =>
    Array.from({ length: 12 }, (_, i) => letters[(i * k) % letters.length]);
  const frame = {
    label: column("aabb", 1),
    age: Array.from({ length: 12 }, (_, i) => (i === 3 ? null : i)),
    height: Array.from({ length: 12 }, (_, i) => i * i),
    town: column("abcd", 1),
    street: column("abcd", 3),
    firm: column("abc", 1),
    size: column("SML", 1),
    day: Array.from({ length: 12 }, (_, i) => `2024-01-0${1 + (i % 9)}`),
    [hostile]: column("xyz", 1),
    story: column("uvw", 1),
  };
  const encoder = TableEncoder.fit(frame, {
    label: "label",
    numeric: ["age", { column: "height", bins: 3 }],
    categorical: ["town", { column: "street", bits: 5 }],
    target: "firm",
    ordinal: { column: "size", levels: ["S", "M", "L"] },
    dates: { column: "day", cycles: ["weekday", "month"] },
    text: [
      { column: hostile, bits: 6, ngrams: [1, 2] },
      { column: "story", vocabulary: ["u", "v"], unit: "character" },
    ],
    crosses: [{ columns: ["town", "size"] }],
    missing: "indicator",
    unseen: "level",
  });
  const text = await shown(encoder);
  const total = encoder.columns;
  assert.match(
    text,
    new RegExp(`^Encoder of 11 columns into ${total} features\\ncolumn +becomes +features\\n`),
  );
  for (const line of [
    /^age +\(x - 5\.73\) \/ \S+ +1$/m,
    /^town +a feature a level, one for all other +5$/m,
    /^<img.*> +runs of 1 to 2 words, hashed to 6 bits +64$/m,
    /^story +runs of 1 to 2 characters of a vocabulary +2$/m,
    /^height +3 bins +3$/m,
    /^size +the place among 3 levels, standardised +1$/m,
    /^day +sine and cosine of weekday, month +4$/m,
    /^street +levels, hashed to 5 bits +32$/m,
    /^town x size +a feature a tuple of levels, one for all other +13$/m,
    /^firm +log-odds of the label by 3 levels +1$/m,
    /^age +1 where it is missing +1$/m,
    /^label "label": a, b; a missing number is the mean; a new level sets no feature of its own$/m,
  ])
    assert.match(text, line);
  const widths = [...text.matchAll(/ ([\d,]+)$/gm)].map(([, width]) => Number(width));
  assert.equal(
    widths.reduce((sum, width) => sum + width, 0),
    total,
  );
});

test("a table on disk, its evaluation and its comparison show themselves, in a report as well", async () => {
  assert.match(
    await shown(table),
    /^Table, encoded on disk\nrows +1,000\nstored rows +[\d,]+\nfeatures +13$/m,
  );
  const strong = new LogisticRegression({ penalty: "l2", lambda: 1e-3 });
  const model = await strong.fit(data);
  const weak = await new LogisticRegression({ penalty: "l2", lambda: 10 }).fit(data);
  const evaluation = await table.evaluate(model);
  const told = await shown(evaluation);
  assert.match(told, /^Evaluation on rows of the weight 1,000$/m);
  assert.match(told, new RegExp(`^accuracy +${(100 * evaluation.accuracy).toFixed(1)}`, "m"));
  assert.match(told, /^AUC +0\.\d+ ± \S+$/m);
  const comparison = await table.compare({ [hostile]: model, weak });
  const { difference } = comparison.row("weak");
  const text = await shown(comparison);
  assert.match(text, new RegExp(`^weak .* ${difference!.changed} +\\S+$`, "m"));
  const page = await report({
    title: "A table",
    sections: [{ title: "Rows", content: [table, evaluation, comparison] }],
  }).toHtml();
  assert.match(page, /Table, encoded on disk/);
  assert.match(page, /id="chart-0"/);
});
