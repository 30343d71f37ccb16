import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { columnCells, numberFormat, resultFormat } from "../../src/notebook/column";
import { displayBudget } from "../../src/notebook/fold";
import { bundleOf } from "../../src/notebook/render";

const danfo: typeof import("danfojs-node") = require("danfojs-node");
const hostile = `<img src=x onerror="alert(1)">`;

async function shown(value: unknown): Promise<{ readonly html: string; readonly lines: string[] }> {
  const bundle = await bundleOf(value);
  return { html: String(bundle["text/html"]), lines: String(bundle["text/plain"]).split("\n") };
}

function cellsOf(html: string): string[] {
  return [...html.matchAll(/<t[dh] [^>]*>(.*?)<\/t[dh]>/g)].map(([, text]) => text);
}

test("a frame shows shape, types, head and tail, its numbers with their points below each other", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => [i, i % 7 === 0 ? Number.NaN : i * 1.25 - 3, i > 3]);
  const { html, lines } = await shown(new danfo.DataFrame(rows, { columns: ["count", "price", "big"] }));
  assert.deepEqual(lines, [
    "DataFrame: 30 rows x 3 columns",
    "    count    price  big",
    "    int32  float32  boolean",
    " 0      0      NaN  false",
    " 1      1    -1.75  false",
    " 2      2    -0.50  false",
    " 3      3     0.75  false",
    " 4      4     2.00  true",
    " …      …        …  …",
    "25     25    28.25  true",
    "26     26    29.50  true",
    "27     27    30.75  true",
    "28     28      NaN  true",
    "29     29    33.25  true",
  ]);
  assert.deepEqual(
    cellsOf(html),
    lines.slice(1).flatMap((line) => ["", "", ...line.trim().split(/\s+/)].slice(-4)),
  );
  assert.match(html, /text-align:right;white-space:nowrap">-0\.50</);
  assert.match(html, /opacity:0\.7;font-style:italic">NaN</);
});

test("missing values are faint, and in text told from the words that name them", async () => {
  const words = ["missing", null, undefined, "null", "", "  ", hostile, "two\nlines"];
  const frame = new danfo.DataFrame(
    words.map((word, i) => [word, i]),
    { columns: [hostile, "n"] },
  );
  const { html, lines } = await shown(frame);
  assert.deepEqual(
    lines.slice(3).map((line) => line.replace(/^\d+ +| +\d+$/g, "")),
    ["missing", "<null>", "<undefined>", "null", '""', '"  "', hostile, "two↵lines"],
  );
  assert.equal(html.match(/opacity:0\.7/g)?.length, 4);
  assert.match(html, /opacity:0\.7;font-style:italic">undefined</);
  assert.match(html, /white-space:nowrap">null</);
  assert.doesNotMatch(html, /<img/);
});

test("long words are cut, the whole in the tip of the pointer, itself bounded", async () => {
  const frame = new danfo.DataFrame([["é".repeat(1_000_000)], ["x".repeat(100)]], {
    columns: ["c".repeat(100)],
  });
  const { html } = await shown(frame);
  const cells = cellsOf(html);
  assert.ok(cells.every((cell) => cell.length <= 60));
  assert.equal(cells[5], `${"é".repeat(59)}…`);
  assert.match(html, new RegExp(`title="${"x".repeat(100)}"`));
  assert.ok(html.length < 5_000);
});

test("a wide frame folds its middle columns and names some of them", async () => {
  const row = Array.from({ length: 100 }, (_, j) => j);
  const { html, lines } = await shown(new danfo.DataFrame([row, row]));
  assert.match(lines[1], /^ +0 .* 11 +… +94 .* 99$/);
  assert.match(html, /title="82 columns: 12, 13, .*, …"/);
});

test("series, dates, indices by name, empty frames and frames without columns", async () => {
  const dates = [new Date(0), new Date(86_400_000), null, new Date(Number.NaN)];
  const named = new danfo.DataFrame({ when: dates, n: [1, 2, 3, 4] }, { index: ["a", "b", "<c>", "d"] });
  const { html, lines } = await shown(named);
  assert.match(lines[2], /^ {5}date \(UTC\) +int32$/);
  assert.match(lines[3], /^a {4}1970-01-01 +1$/);
  assert.match(lines[5], /^<c> {2}<null> +3$/);
  assert.match(html, /<th scope="row"[^>]*>&lt;c&gt;<\/th>/);
  const series = await shown(new danfo.Series([1.5, 2, 3], { columns: ["price"] }));
  assert.deepEqual(series.lines, [
    "Series price: 3 values",
    "     price",
    "   float32",
    "0      1.5",
    "1      2.0",
    "2      3.0",
  ]);
  assert.deepEqual((await shown(new danfo.Series([]))).lines[0], "Series: 0 values");
  assert.deepEqual((await shown(new danfo.DataFrame([]))).lines, ["DataFrame: 0 rows x 0 columns"]);
  const empty = new danfo.DataFrame([], { columns: ["a", "b"] });
  assert.deepEqual((await shown(empty)).lines, ["DataFrame: 0 rows x 2 columns", "  a  b"]);
  const twice = { $data: [[1, 2]], columns: ["a", "a"], index: [0], dtypes: ["int32", "int32"] };
  assert.deepEqual((await shown(twice)).lines.slice(1), [
    "       a      a",
    "   int32  int32",
    "0      1      2",
  ]);
});

test("a frame of a million rows and cells of any size takes no more than the ends of it", async () => {
  let reads = 0;
  const row = [1, "x".repeat(1_000_000), { big: Array.from({ length: 100_000 }, (_, i) => i) }];
  const $data = new Proxy(new Array(1_000_000).fill(row), {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) reads++;
      return Reflect.get(target, key, receiver);
    },
  });
  const frame = { $data, columns: ["a", "b", "c"], index: $data, dtypes: ["int32", "string", "string"] };
  assert.ok(JSON.stringify(await bundleOf(frame)).length < displayBudget);
  assert.ok(reads < 100, `${reads} rows were read`);
});

test("property: a column of numbers has one number of decimals or exponents throughout", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.float({ min: -1000, max: 1000, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(number, { minLength: 1 }), (values) => {
      const { cells, words } = columnCells(values);
      assert.equal(words, false);
      const shapes = new Set(
        cells.map((cell) =>
          String(cell)
            .replace(/^-?\d+/, "")
            .replace(/\d/g, "0")
            .replace(/e[+-]0+$/, "e"),
        ),
      );
      assert.equal(shapes.size, 1, [...shapes].join(" "));
    }),
    { seed: 4 },
  );
});

test("numbers keep six significant digits, tiny and huge ones by exponent", () => {
  assert.deepEqual([1, 2.5, -0.125].map(numberFormat([1, 2.5, -0.125])), ["1.000", "2.500", "-0.125"]);
  assert.deepEqual([1e-9, 0.5].map(numberFormat([1e-9, 0.5])), ["1e-09", "5e-01"]);
  assert.deepEqual([123456789, -0].map(numberFormat([123456789, -0])), ["123456789", "-0"]);
  assert.deepEqual([1e300, 1].map(numberFormat([1e300, 1])), ["1e+300", "1e+00"]);
  assert.equal(numberFormat([0.1, Number.POSITIVE_INFINITY])(Number.POSITIVE_INFINITY), "Infinity");
});

test("results have their thousands apart, and shares four digits where these tell them apart", () => {
  const shown = (values: readonly number[]) => values.map(resultFormat(values));
  assert.deepEqual(shown([1048580, 4004, 661]), ["1,048,580", "4,004", "661"]);
  assert.deepEqual(shown([1498, 555]), ["1,498", "555"]);
  assert.deepEqual(shown([1999, 2026]), ["1999", "2026"]);
  assert.deepEqual(shown([0.9834123412, 0.25, -1]), ["0.9834", "0.2500", "-1.0000"]);
  assert.deepEqual(shown([0.983412, 0.983414]), ["0.983412", "0.983414"]);
  assert.deepEqual(shown([0.98341, 0.98344]), ["0.98341", "0.98344"]);
  assert.deepEqual(shown([0.25, 0.25000000001]), ["0.25", "0.25"]);
  assert.deepEqual(shown([-12345.678, 0.5]), ["-12,345.7", "0.5"]);
  assert.deepEqual(shown([1e-9, 0.5]), ["1e-09", "5e-01"]);
  assert.deepEqual(shown([1e300, Number.NaN, 1]), ["1e+300", "NaN", "1e+00"]);
});

test("text in wide letters stays aligned", async () => {
  const { lines } = await shown(
    new danfo.DataFrame(
      [
        ["北京", "a"],
        ["Köln", "b"],
      ],
      { columns: ["city", "x"] },
    ),
  );
  assert.equal(lines[3], "0  北京    a");
  assert.equal(lines[4], "1  Köln    b");
});
