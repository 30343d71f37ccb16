// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what must stay text
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { identifiers } from "../../src/export/c/literals";
import { dialects } from "../../src/export/sql/dialect";
import type { ColumnFrame } from "../../src/frame/columns";
import {
  Dataset,
  type Exported,
  LogisticRegression,
  type Scorer,
  saveExport,
  TableEncoder,
  toC,
  toJavaScript,
  toOnnx,
  toSklearn,
  toSql,
} from "../../src/index";
import { modelOf } from "../evaluate/models";
import { compilers, compilesClean } from "./c-program";

const folder = mkdtempSync(join(tmpdir(), "logitpress-bad-"));
after(() => rmSync(folder, { recursive: true }));

const model = modelOf(["no", "yes"], "binary", [1, -2], [0.5]);
const exporters: readonly ((m: Scorer, o?: object) => Exported)[] = [
  toC,
  toJavaScript,
  toOnnx,
  toSql,
  toSklearn,
];

function refusal(code: string, ...parts: readonly string[]): (error: unknown) => true {
  return (error) => {
    const { code: found, message } = error as { code: string; message: string };
    assert.equal(found, code, message);
    for (const part of parts) assert.ok(message.includes(part), `"${part}" in: ${message}`);
    return true;
  };
}

test("every export refuses unknown options, names, thresholds and models of another kind", () => {
  for (const to of exporters) {
    assert.throws(() => to(model, { tresh: 1 }), refusal("unknown-option", '"tresh"'));
    assert.throws(() => to(model, { name: "a b" }), refusal("invalid-option", "name", '"a b"'));
    assert.throws(() => to(model, { threshold: 1 }), refusal("invalid-option", "threshold"));
    assert.throws(() => to(model, { encoder: {} }), refusal("invalid-option", "encoder"));
    assert.throws(() => to(model, { examples: [1] }), refusal("invalid-option", "examples"));
    const ten = modelOf([1, 2, 3], "softmax", [1, 2, 3], [0, 0, 0]);
    assert.throws(() => to(ten, { threshold: 0.3 }), refusal("invalid-option", "no threshold"));
    const other = Object.create(model, { stage: { value: "integer" } }) as Scorer;
    assert.throws(() => to(other), refusal("unsupported-model", '"integer"'));
    const huge = modelOf(["no", "yes"], "binary", [1e300, 1], [0]);
    assert.throws(() => to(huge), refusal("unsupported-model", "32-bit floats"));
  }
});

test("an encoder of another model is refused", () => {
  const frame = { x: [1, 2, 3], y: ["a", "b", "a"] };
  const encoder = TableEncoder.fit(frame, { label: "y", numeric: "x" });
  const two = TableEncoder.fit({ ...frame, z: [1, 5, 6] }, { label: "y", numeric: ["x", "z"] });
  for (const to of exporters) {
    assert.throws(() => to(model, { encoder }), refusal("width-mismatch", "encoder's features"));
    assert.throws(() => to(model, { encoder: two }), refusal("invalid-option", "the classes of the model"));
  }
});

test("fixed point and 8 bits need the range of features", () => {
  assert.throws(() => toC(model, { arithmetic: "integer" }), refusal("missing-option", "examples"));
  assert.throws(() => toOnnx(model, { weights: "int8" }), refusal("missing-option", "examples"));
  assert.throws(() => toC(model, { arithmetic: "fixed" as never }), refusal("invalid-option", "arithmetic"));
});

const names = [
  "int",
  "Int",
  "a'; DROP TABLE t; --",
  'x" OR 1=1 --',
  "`; SELECT 1; --",
  "*/ #error",
  "??/",
  "\u00e9\u{1f680}",
  "1st",
  "a b",
  "a_b",
  "EOF",
  "size_t",
  "\\",
  "new\nline",
  "__proto__",
  "constructor",
];
const levels = [
  "' OR '1'='1",
  '"; --',
  "\\'; DROP TABLE t; --",
  "${x}",
  "\u{1f680}",
  "",
  "*/",
  "</script>",
  "__proto__",
];

async function oddModel(
  names: readonly string[],
): Promise<{ odd: Scorer; encoder: TableEncoder; frame: Record<string, unknown[]> }> {
  const rows = Array.from({ length: 90 }, (_, i) => i);
  const frame: Record<string, unknown[]> = Object.create(null);
  frame.label = rows.map((i) => (i % 2 === 0 ? "y'es" : "n\\o\u2028"));
  for (const [j, name] of names.entries()) frame[name] = rows.map((i) => Math.sin(i * (j + 1)) + (i % 2));
  frame["'level"] = rows.map((i) => levels[i % levels.length]);
  const encoder = TableEncoder.fit(frame as ColumnFrame, {
    label: "label",
    numeric: names,
    categorical: "'level",
  });
  const odd = await new LogisticRegression({ lambda: 0.1 }).fit(encoder.transform(frame as never));
  return { odd, encoder, frame };
}

test("odd names and levels break neither C nor JavaScript", async () => {
  const { odd, encoder, frame } = await oddModel(names);
  const provenance = { "*/ #error": "??/\n\\ <!-- */ //", "\u2028": "--\n; DROP" };
  writeFileSync(join(folder, "model.h"), toC(odd, { encoder, provenance }).text);
  for (const compiler of compilers) compilesClean(folder, "model.h", compiler);
  const found = identifiers(names);
  assert.equal(new Set(found).size, names.length);
  assert.deepEqual(found.slice(0, 2), ["int_", "Int_"]);
  assert.ok(found.every((name) => /^[A-Za-z][A-Za-z0-9_]*$/.test(name)));
  const file = join(folder, "odd.cjs");
  const exported = toJavaScript(odd, { encoder, provenance });
  writeFileSync(file, exported.files[1].content);
  assert.doesNotMatch(exported.text, /<\/script|<!--|[^\x20-\x7e\n]/);
  const predict = require(file) as { (row: object): { label: string }; selfTest(): void };
  predict.selfTest();
  const own = odd.predict(encoder.features(frame as never));
  own.forEach((label, i) => {
    const row = Object.create(null);
    for (const name of [...names, "'level"]) row[name] = frame[name][i];
    assert.equal(predict(row).label, label);
  });
});

test("names, levels and labels can't leave their quotes in SQL", async () => {
  const { odd, encoder } = await oddModel(["row", ...names.filter((name) => name !== "Int")]);
  const { stdout, stderr, status } = spawnSync(
    process.env.LOGITPRESS_PYTHON ?? join(process.cwd(), ".venv", "bin", "python"),
    [
      "-c",
      "import duckdb, sys; db = duckdb.connect(); db.execute('CREATE TABLE t (x INT)'); print(len(db.execute(sys.stdin.read()).fetchall()), db.execute('SELECT count(*) FROM t').fetchone()[0])",
    ],
    { input: toSql(odd, { encoder }).files[1].content as string, encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  assert.equal(stdout.trim(), "0 0");
  assert.equal(dialects.duckdb.text("a'b\\"), "'a''b\\'");
  assert.equal(dialects.duckdb.identifier('a"b'), '"a""b"');
  assert.equal(dialects.postgres.text("a'b\\"), "E'a''b\\\\'");
  assert.equal(dialects.spark.text("a'b"), "CAST(X'612762' AS STRING)");
  assert.equal(dialects.spark.text("${x}"), "CAST(X'247b787d' AS STRING)");
  assert.equal(dialects.spark.identifier("a`b"), "`a``b`");
  for (const name of ["duckdb", "postgres", "spark"] as const) {
    const { text, identifier } = dialects[name];
    assert.throws(() => text("a\0b"), refusal("unsupported-model", "NUL"));
    assert.throws(() => text("\ud800"), refusal("unsupported-model", "Unicode"));
    assert.throws(() => identifier(""), refusal("unsupported-model", "name of a column"));
  }
  const both = await oddModel(["int", "Int"]);
  assert.throws(
    () => toSql(both.odd, { encoder: both.encoder }),
    refusal("unsupported-model", "duckdb", '"Int"'),
  );
  assert.ok(toSql(both.odd, { encoder: both.encoder, dialect: "postgres" }).text.includes('t."Int"'));
  assert.throws(() => dialects.postgres.identifier("x".repeat(64)), refusal("unsupported-model", "63 bytes"));
  assert.throws(() => dialects.spark.identifier("${a}"), refusal("unsupported-model", "${a}"));
});

test("an encoder that an export can't hold is refused by the kind and the column", async () => {
  const at = (day: number) => `2024-01-${String(day).padStart(2, "0")}`;
  const frame = {
    label: ["a", "b", "a", "b"],
    day: [1, 2, 3, 4].map(at),
    city: ["p", "q", "p", "r"],
    size: [1, 2, 3, 4],
    note: ["one two", "two three", "three one", "four"],
  };
  const cases: readonly (readonly [object, RegExp, boolean])[] = [
    [{ dates: "day" }, /cycles of dates of day/, true],
    [{ categorical: { column: "city", bits: 3 } }, /hashed levels of city/, true],
    [{ crosses: [{ columns: ["city", "day"], bits: 3 }] }, /hashed levels of city & day/, true],
    [{ crosses: [{ columns: ["city", "day"] }], unseen: "error" }, /cross of city & day.*unseen/, true],
    [{ numeric: "size", crosses: [{ columns: ["city", "size"] }] }, /size in the cross of city & size/, true],
    [{ text: { column: "note", unit: "character", bits: 4 } }, /n-grams of characters of note/, false],
    [{ text: { column: "note", stopWords: ["one"], bits: 4 } }, /stop words of note/, false],
    [{ text: { column: "note", vocabulary: ["one", "two"] } }, /the vocabulary of note/, false],
  ];
  for (const [spec, said, everywhere] of cases) {
    const encoder = TableEncoder.fit(frame, { label: "label", ...spec } as never);
    const fitted = await new LogisticRegression({ lambda: 0.1 }).fit(encoder.transform(frame));
    for (const to of everywhere ? exporters : [toC]) {
      assert.throws(
        () => to(fitted, { encoder }),
        (error: Error & { code?: string }) => error.code === "unsupported-model" && said.test(error.message),
      );
    }
  }
});

test("what an export can't hold is named", () => {
  const nul = modelOf(["a\0b", "c"], "binary", [1], [0]);
  assert.throws(() => toC(nul), refusal("unsupported-model", "label", "NUL"));
  const frame = { label: ["a", "b", "a"], probabilities: [1, 2, 3] };
  const encoder = TableEncoder.fit(frame, { label: "label", numeric: "probabilities" });
  const one = modelOf(["a", "b"], "binary", [1], [0]);
  assert.throws(() => toOnnx(one, { encoder }), refusal("unsupported-model", '"probabilities"'));
});

test("values that the encoder refuses are refused by JavaScript too", async () => {
  const frame = { label: ["a", "b", "a", "b"], x: [1, 2, 3, 4], c: ["p", "q", "p", "p"] };
  const encoder = TableEncoder.fit(frame, {
    label: "label",
    numeric: "x",
    categorical: "c",
    unseen: "error",
  });
  const fitted = await new LogisticRegression({ lambda: 0.1 }).fit(encoder.transform(frame));
  const file = join(folder, "strict.cjs");
  writeFileSync(file, toJavaScript(fitted, { encoder }).files[1].content);
  const predict = require(file) as (row: unknown) => unknown;
  assert.ok(predict({ x: "2", c: "p" }));
  for (const row of [
    { x: null, c: "p" },
    { x: Infinity, c: "p" },
    { x: "two", c: "p" },
    { x: 1, c: "new" },
    { x: 1 },
    { x: [1], c: "p" },
  ]) {
    assert.throws(() => predict(row), RangeError);
  }
});

test("an export is written whole, through links, and never over a folder", async () => {
  const exported = toJavaScript(model);
  const path = join(folder, "out", "spam.mjs");
  await assert.rejects(saveExport(exported, path), refusal("failed", "spam.mjs"));
  mkdirSync(join(folder, "out"));
  const written = await saveExport(exported, path);
  assert.deepEqual(readdirSync(join(folder, "out")).sort(), [
    "spam.cjs",
    "spam.d.cts",
    "spam.d.mts",
    "spam.mjs",
  ]);
  assert.equal(written.length, 4);
  assert.equal(readFileSync(path, "utf8"), exported.text);
  const link = join(folder, "link.h");
  const aim = join(folder, "aim.h");
  symlinkSync(aim, link);
  await saveExport(toC(model), link);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(aim, "utf8"), toC(model).text);
  symlinkSync("circle.h", join(folder, "circle.h"));
  await assert.rejects(saveExport(toC(model), join(folder, "circle.h")), refusal("failed", "circle"));
  mkdirSync(join(folder, "taken.h"));
  await assert.rejects(saveExport(toC(model), join(folder, "taken.h")), refusal("failed", "folder"));
  await assert.rejects(saveExport(toC(model), ""), refusal("failed"));
  await assert.rejects(saveExport(toC(model), "a\0b"), refusal("failed"));
  await assert.rejects(saveExport(exported, join(folder, "same.cjs")), refusal("invalid-option", ".mjs"));
  await saveExport(toSklearn(model), join(folder, "mine.json"));
  assert.ok(existsSync(join(folder, "logitpress_sklearn.py")));
});

test("a full disk and a folder that can't be written are said", async () => {
  if (existsSync("/dev/full")) {
    await assert.rejects(saveExport(toC(model), "/dev/full"), refusal("failed", "/dev/full", "ENOSPC"));
    assert.ok(lstatSync("/dev/full").isCharacterDevice());
  }
  const closed = join(folder, "closed");
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  // The superuser may write anywhere.
  if (process.getuid?.() !== 0)
    await assert.rejects(saveExport(toC(model), join(closed, "m.h")), refusal("failed"));
  await assert.rejects(saveExport(toC(model), join(folder, "model.h", "m.h")), refusal("failed"));
});

test("a model without weights is exported everywhere", () => {
  const empty = modelOf(["no", "yes"], "binary", [0, 0], [1]);
  const encoder = TableEncoder.fit(
    { label: ["no", "yes"], a: [1, 2], b: [4, 3] },
    { label: "label", numeric: ["a", "b"] },
  );
  for (const options of [{}, { encoder }]) {
    for (const to of exporters) assert.ok(to(empty, options).bytes.length > 0);
    writeFileSync(join(folder, "model.h"), toC(empty, options).text);
    for (const compiler of compilers) compilesClean(folder, "model.h", compiler);
    const file = join(folder, `empty-${"encoder" in options}.cjs`);
    writeFileSync(file, toJavaScript(empty, options).files[1].content);
    (require(file) as { selfTest(): void }).selfTest();
  }
});

test("the same model gives the same bytes", () => {
  const data = Dataset.from({ features: [[1, 2]], labels: ["no"], classes: ["no", "yes"] });
  for (const to of exporters) {
    assert.deepEqual(
      to(model, { examples: data.features }).bytes,
      to(model, { examples: data.features }).bytes,
    );
  }
});
