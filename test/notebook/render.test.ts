import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { displaySymbol } from "../../src/base/display";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";
import { displayBudget } from "../../src/notebook/fold";
import { bundleOf } from "../../src/notebook/render";
import { root } from "../python";

async function textOf(value: unknown): Promise<string> {
  return String((await bundleOf(value))["text/plain"]);
}

async function htmlOf(value: unknown): Promise<string> {
  return String((await bundleOf(value))["text/html"]);
}

function throwing(): never {
  throw new Error("trap");
}

const traps = {
  get: throwing,
  has: throwing,
  ownKeys: throwing,
  getPrototypeOf: throwing,
} as ProxyHandler<object>;
const circle: { self?: unknown } = {};
circle.self = [circle];
const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** What has been seen to break the display of values elsewhere. */
const odd: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  minusZero: -0,
  bigint: 12n,
  symbol: Symbol("s"),
  function: function named() {},
  class: class A {},
  circle,
  invalidDate: new Date(Number.NaN),
  pending: new Promise(() => undefined),
  weakMap: new WeakMap(),
  proxy: new Proxy({ a: 1 }, traps),
  arrayProxy: new Proxy([], traps),
  revoked: revoked.proxy,
  getter: {
    get a() {
      return throwing();
    },
  },
  displayGetter: {
    get [displaySymbol]() {
      return throwing();
    },
  },
  displayOfNothing: { [displaySymbol]: () => undefined },
  displayOfCircle: { [displaySymbol]: () => ({ "application/json": circle }) },
  displayOfFunction: { [displaySymbol]: () => ({ "application/json": throwing }) },
  displayNoFunction: { [displaySymbol]: 3 },
  rejecting: { [displaySymbol]: () => Promise.reject(throwing) },
  inspecting: { [Symbol.for("nodejs.util.inspect.custom")]: throwing },
  tagged: {
    get [Symbol.toStringTag]() {
      return throwing();
    },
  },
  errorOfTraps: Object.defineProperties(new Error("a"), {
    stack: { get: throwing },
    message: { get: throwing },
  }),
  holes: new Array(1e9),
  noPrototype: Object.create(null),
  bothFrame: { $data: [1], columns: null, index: [] },
  frameOfTraps: {
    $data: [[new Proxy({}, traps)]],
    columns: [{ toString: throwing }],
    index: [0],
    dtypes: [],
  },
  surrogate: "\ud800",
};

for (const [name, value] of Object.entries(odd)) {
  test(`an odd value is shown without a throw: ${name}`, async () => {
    const bundle = await bundleOf(value);
    assert.doesNotMatch(Object.values(JSON.parse(JSON.stringify(bundle))).join(), /[\ud800-\udfff]/u);
    assert.equal(typeof bundle["text/plain"], "string");
    assert.notEqual(bundle["text/plain"], "");
  });
}

test("property: any value gives a bundle of JSON within the budget", async () => {
  const value = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withObjectString: true,
    withUnicodeString: true,
    maxDepth: 4,
  } as fc.ObjectConstraints);
  await fc.assert(
    fc.asyncProperty(value, async (v) => {
      const json = JSON.stringify(await bundleOf(v));
      assert.ok(json.length <= displayBudget);
      assert.equal(typeof JSON.parse(json)["text/plain"], "string");
    }),
    { numRuns: 300, seed: 4 },
  );
});

test("property: frames of any cells give escaped tables within the budget", async () => {
  const cell = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, maxDepth: 2 }),
    fc.constant('<b>"'.repeat(1000)),
  );
  const cells = fc
    .integer({ min: 0, max: 25 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 25 }),
    );
  await fc.assert(
    fc.asyncProperty(cells, async (rows) => {
      const columns = (rows[0] ?? []).map((_, j) => (j % 2 === 0 ? "<i>" : `c${j}`));
      const bundle = await bundleOf({ $data: rows, columns, index: rows.map((_, i) => i), dtypes: [] });
      assert.ok(Buffer.byteLength(JSON.stringify(bundle)) <= displayBudget);
      assert.doesNotMatch(String(bundle["text/html"]), /<b>|<i>/);
    }),
    { numRuns: 100, seed: 4 },
  );
});

test("plain values have their text as Node writes it", async () => {
  assert.deepEqual(await bundleOf(undefined), { "text/plain": "undefined" });
  assert.deepEqual(await bundleOf({ a: [1] }), { "text/plain": "{ a: [ 1 ] }" });
  assert.equal(await textOf(-0), "-0");
  assert.equal(await textOf("a\nb"), "'a\\nb'");
  assert.equal(await textOf(new Proxy({ a: 1 }, traps)), "{ a: 1 }");
  assert.equal(await textOf([1, 2]), "[ 1, 2 ]");
});

test("a display method that fails or gives nothing never keeps the value from being shown", async () => {
  const broken = { [displaySymbol]: () => throwing() };
  assert.deepEqual(await bundleOf(broken), { "text/plain": "(display failed: trap)" });
  assert.match(await textOf({ a: 1, [displaySymbol]: () => undefined }), /a: 1/);
  assert.match(
    await textOf({ [displaySymbol]: () => ({ "application/json": 1n }) }),
    /display failed: .*BigInt/,
  );
  assert.deepEqual(await bundleOf({ [displaySymbol]: async () => ({ "text/html": "late" }) }), {
    "text/html": "late",
  });
});

test("arrays of numbers are summarised, oddities counted apart from the range", async () => {
  assert.equal(await textOf(Float32Array.of(0.1, -0, Number.NaN)), "Float32Array(3) [0.1, -0, NaN]");
  const many = Float64Array.from({ length: 1000 }, (_, i) => i);
  many[3] = Number.NaN;
  many[4] = Number.POSITIVE_INFINITY;
  const lines = (await textOf(many)).split("\n");
  assert.equal(
    lines[0],
    "Float64Array(1,000) from 0 to 999, mean 500.494; 1 zero; 1 NaN; 1 infinite (8,000 B)",
  );
  assert.equal(lines[1], "[0, 1, 2, NaN, Infinity, 5, 6, 7, 8, 9, …, 997, 998, 999]");
  assert.match(
    await textOf(BigInt64Array.from({ length: 30 }, (_, i) => BigInt(i))),
    /^BigInt64Array\(30\) from 0 to 29/,
  );
  assert.match(
    await textOf(new Uint8ClampedArray(30)),
    /^Uint8ClampedArray\(30\) from 0 to 0, mean 0; 30 zeros/,
  );
  assert.match(
    await textOf(Float32Array.from({ length: 30 }, () => Number.NaN)),
    /^Float32Array\(30\) 30 NaN/,
  );
  assert.match(
    await textOf(Array.from({ length: 101 }, (_, i) => i)),
    /^number\[\]\(101\) from 0 to 100, mean 50/,
  );
  assert.match(await textOf([...Array.from({ length: 101 }, (_, i) => i), "a"]), /^\[/);
});

test("raw bytes are shown in hexadecimal with their letters", async () => {
  assert.match(await textOf(Buffer.from("hello\0")), /^Buffer\(6\)\n0000 {2}68 65 6c 6c 6f 00 +hello\.$/);
  assert.match(await textOf(new ArrayBuffer(100)), /^ArrayBuffer\(100\)\n(?:00[0-3]0 .*\n){4}…\s+36 B more$/);
  assert.match(await textOf(new DataView(new ArrayBuffer(2))), /^DataView\(2\)/);
});

test("matrices tell shape, range and density, and show their corners in aligned columns", async () => {
  const dense = DenseMatrix.fromRows(Array.from({ length: 30 }, (_, i) => [i, i / 8, 0]));
  const text = await textOf(dense);
  assert.match(text, /^DenseMatrix: 30 x 3\n/);
  assert.match(text, /\n {1}1 {3}1 {2}0\.125 {2}0\n/);
  assert.match(text, /from 0 to 29, mean .*; 32 zeros; 360 B$/);
  assert.match(await htmlOf(dense), /<table/);
  const sparse = SparseMatrix.fromRows(
    [
      [[3, 0.5]],
      [
        [7, 1],
        [9, 2],
      ],
      [],
    ],
    1000,
  );
  assert.match(await textOf(sparse), /^SparseMatrix: 3 x 1,000\n/);
  assert.match(await textOf(sparse), /\n {2}1 +2 {2}7: 1, 9: 2\n/);
  assert.match(await textOf(sparse), /3 nonzeros \(0\.10 %\); 1 a row; from 0\.5 to 2, mean 1\.16667; 40 B$/);
  const ones = new SparseMatrix(0, 5, new Uint32Array(1), new Uint32Array(0), null);
  assert.match(await textOf(ones), /0 nonzeros .*; all 1/);
  const nested = Array.from({ length: 10 }, (_, i) => [i, 0.5, 1, 2]);
  assert.match(await textOf(nested), /^number\[\]\[\]: 10 x 4\n/);
  assert.match(await textOf(nested.slice(0, 2)), /^\[ \[ 0, 0\.5/);
  assert.match(await textOf([...nested, [1]]), /^\[/);
  assert.match(await textOf([...nested, new Array(4)]), /^\[/);
});

test("probabilities are a table of six decimals, margins one of their own", async () => {
  const table = (...values: number[]) => ({ rows: 2, columns: 2, values: Float64Array.from(values) });
  assert.equal(
    await textOf(table(0.0018067752, 0.9981932248, 2.14e-6, 0.99999786)),
    "Table: 2 x 2\n          0         1\n0  0.001807  0.998193\n1  0.000002  0.999998\nfrom 2.14e-6 to 0.999998, mean 0.5; 32 B",
  );
  assert.match(await textOf(table(-6, 0.25, 1.5, 3)), /^Table: 2 x 2\n +0 +1\n0 +-6\.0 +0\.25\n/);
  assert.match(await textOf({ rows: 3, columns: 2, values: new Float64Array(4) }), /^\{ rows: 3/);
  assert.match(await textOf({ ...table(1, 2, 3, 4), other: 1 }), /^\{/);
});

test("arrays of flat records are tables, in HTML and in text", async () => {
  const records = [
    { name: "<b>", count: 1.5 },
    { name: "b", count: null },
  ];
  const bundle = await bundleOf(records);
  assert.match(String(bundle["text/html"]), /Array of 2 records.*&lt;b&gt;.*1\.5.*null/);
  const lines = ["Array of 2 records", "   name  count", "0  <b>     1.5", "1  b      null"];
  assert.equal(bundle["text/plain"], lines.join("\n"));
  for (const other of [
    [{ a: 1 }],
    [{ a: 1, b: 1 }, { a: 1 }],
    [
      { a: 1, b: [] },
      { a: 1, b: [] },
    ],
    [{}, {}],
  ]) {
    assert.deepEqual(Object.keys(await bundleOf(other)), ["text/plain"]);
  }
});

test("columns by name are a table; lists of other lengths, of objects, or one alone are not", async () => {
  const bundle = await bundleOf({ word: ["<b>", "c"], size: Float64Array.of(0.5, 2) });
  assert.match(String(bundle["text/html"]), /Columns by name: 2 rows x 2 columns.*&lt;b&gt;/);
  const lines = ["Columns by name: 2 rows x 2 columns", "   word  size", "0  <b>    0.5", "1  c      2.0"];
  assert.deepEqual(String(bundle["text/plain"]).split("\n"), lines);
  for (const other of [
    { a: [1, 2] },
    { a: [1, 2], b: [1] },
    { a: [{}, {}], b: [1, 2] },
    { a: "ab", b: "cd" },
  ])
    assert.deepEqual(Object.keys(await bundleOf(other)), ["text/plain"]);
});

test("long text keeps its beginning and end, and folds the rest within the budget", async () => {
  const lines = Array.from({ length: 200 }, (_, i) => `line ${i} ${"-".repeat(80)}`);
  const bundle = await bundleOf(lines);
  const text = String(bundle["text/plain"]).split("\n");
  assert.equal(text.length, 36);
  assert.match(text[1], /^ {2}'line 0 -+',$/);
  assert.match(text[30], /^… \d+ lines \(.*\) more; console\.dir\(value/);
  assert.equal(text[35], "]");
  assert.match(
    String(bundle["text/html"]),
    /<details><summary[^>]*>… \d+ lines .* more<\/summary><div [^>]*><pre/,
  );
  assert.match(String(bundle["text/html"]), /line 50/);
});

test("a text of 50 MB takes no more than the budget, and says how to see it all", async () => {
  for (const part of ["a<b\n", "&", '"', "\u{1f600}", "é\n\n"]) {
    const bundle = await bundleOf(part.repeat(Math.ceil(50e6 / part.length)));
    assert.ok(Buffer.byteLength(JSON.stringify(bundle)) <= displayBudget);
    assert.ok(JSON.stringify(bundle).length > displayBudget / 5);
    assert.match(
      String(bundle["text/plain"]),
      /… (?:49\.\d|5\d(?:\.\d)?) MB more; console\.log\(value\) shows all …/,
    );
  }
});

test("huge structures are cut, not walked to their end", async () => {
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]));
  assert.match(await textOf(wide), /… 99,?900 more properties\n\}$/);
  assert.equal(await textOf({ wide }), "{ wide: [Object] }");
  let deep: object = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  assert.match(await textOf(deep), /\[Object\]/);
  const tree = (depth: number): unknown =>
    depth === 0 ? "leaf" : Array.from({ length: 40 }, () => tree(depth - 1));
  assert.ok((await textOf(tree(4))).length < 20_000);
  const big = Array.from({ length: 1000 }, () => ({ a: "x".repeat(100_000), b: 1 }));
  assert.ok(JSON.stringify(await bundleOf(big)).length < displayBudget);
});

test("an error shows its name, message, facts, stack and causes, the name in bold", async () => {
  const error = Object.assign(new TypeError("bad", { cause: new RangeError("deep", { cause: "why" }) }), {
    code: "E1",
  });
  const lines = (await textOf(error)).split("\n");
  assert.equal(lines[0], "\u001b[1mTypeError\u001b[22m: bad");
  assert.equal(lines[1], "    code: 'E1'");
  assert.ok(lines[2].startsWith("\u001b[2m    at ") && lines[2].includes("render.test"), lines[2]);
  assert.ok(lines.some((line) => line.startsWith("Caused by: \u001b[1mRangeError")));
  assert.equal(lines.at(-1), "Caused by: 'why'");
  const loop = new Error("loop");
  loop.cause = loop;
  assert.match(await textOf(loop), /Caused by: an error shown above$/);
  assert.match(
    await textOf(new AggregateError([new Error("one"), 2], "many")),
    /Error 1 of 2: .*one[\s\S]*Error 2 of 2: 2$/,
  );
  let chain = new Error("0");
  for (let i = 1; i < 1000; i++) chain = new Error(String(i), { cause: chain });
  assert.match(await textOf(chain), /Caused by: …$/);
});

test("the renderer loads nothing of models, charts' figures or danfo", () => {
  const code = `require(${JSON.stringify(join(root, "dist", "src", "notebook", "render.js"))});
    console.log(Object.keys(require.cache).map((f) => f.replaceAll("\\\\", "/")).join("\\n"))`;
  const loaded = execFileSync(process.execPath, ["-e", code], { encoding: "utf8" }).trim().split("\n");
  assert.ok(loaded.length > 5 && loaded.length < 25, `${loaded.length} files`);
  assert.deepEqual(
    loaded.filter(
      (file) => !/\/dist\/src\/(?:base|notebook)\/|\/dist\/src\/chart\/(?:escape|format)\.js/.test(file),
    ),
    [],
  );
});
