import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { runInThisContext } from "node:vm";
import { nearest } from "../../src/base/nearest";
import { declarationsOf, isVariableName } from "../../src/cli/run/declarations";
import { injectionFor } from "../../src/cli/run/inject";
import { literal, parseValue, readParameters, typeOfValue } from "../../src/cli/run/values";
import { newFolder, writeNotebook } from "./command";

const folder: string = newFolder("parameters");
after(() => rmSync(folder, { recursive: true, force: true }));

test("a declaration has the type of its annotation, else that of a literal default", () => {
  const types = (source: string) =>
    declarationsOf(source).map(({ keyword, name, type }) => `${keyword} ${name}: ${type}`);
  assert.deepEqual(types("const a: number | null = null; let b = -0.5, c = 'x'; var d = true"), [
    "const a: number | null",
    "let b: number",
    "let c: string",
    "var d: boolean",
  ]);
  assert.deepEqual(types("const list = [1, 'a', 2]; const none = []; const o = { k: 1, 'l m': [`t`] }"), [
    "const list: (number | string)[]",
    "const none: any[]",
    `const o: { k: number; 'l m': (string)[] }`,
  ]);
  assert.deepEqual(types("const a = 5 as number | null, b = 7n, c = Math.max(1), d = 1 as const, e = null"), [
    "const a: number | null",
    "const b: bigint",
    "const c: undefined",
    "const d: undefined",
    "const e: undefined",
  ]);
  assert.deepEqual(types("const { a, b: [c] } = f(); function g() { const inner = 1; }"), [
    "const a: undefined",
    "const c: undefined",
  ]);
});

test("only names of variables are names of parameters", () => {
  for (const name of ["alpha", "_x", "größe", "$"]) assert.ok(isVariableName(name), name);
  for (const name of ["", "a b", "class", "1a", "a-b", "a=1", "a:b", "{a}", "a;b"]) {
    assert.ok(!isVariableName(name), name);
  }
});

test("values are numbers, booleans, null, arrays and objects of JSON, else texts", () => {
  const cases: [string, unknown][] = [
    ["1", 1],
    ["-2.5e3", -2500],
    ["true", true],
    ["null", null],
    ["[1, 2]", [1, 2]],
    ['{"a": "b"}', { a: "b" }],
    ['"42"', "42"],
    ["007", "007"],
    ["NaN", "NaN"],
    ["", ""],
    ["a=b", "a=b"],
    ["9007199254740993.5", 9007199254740994],
  ];
  for (const [text, value] of cases) assert.deepEqual(parseValue("p", text), value, text);
  for (const text of ["9007199254740993", "1e400"]) {
    assert.throws(() => parseValue("p", text), { code: "invalid-option", message: /As a text: --param/ });
  }
});

test("values are written as TypeScript that gives them back", () => {
  const hostile = JSON.parse('{"__proto__": {"a": 1}, "b\\u2028": ["\\"", "</script>", null, true, -1.5]}');
  for (const value of [hostile, -1e300, "`$" + "{x}`", [], {}, null, false]) {
    assert.deepEqual(runInThisContext(`(${literal(value)})`), value);
  }
  assert.equal(Object.keys(runInThisContext(`(${literal(hostile)})`))[0], "__proto__");
  assert.deepEqual([1, "a", true, null, [1]].map(typeOfValue), [
    "number",
    "string",
    "boolean",
    undefined,
    undefined,
  ]);
});

test("parameters of a file give way to those of the command line, and mistakes are told", () => {
  const file = join(folder, "parameters.json");
  writeFileSync(file, '{"a": 1, "b": [true]}');
  assert.deepEqual(
    [...readParameters(["a=2", "c=x", "c=y"], file)],
    [
      ["a", 2],
      ["b", [true]],
      ["c", "y"],
    ],
  );
  writeFileSync(join(folder, "list.json"), "[1]");
  for (const path of [join(folder, "list.json"), join(folder, "none.json"), __filename]) {
    assert.throws(() => readParameters([], path), { code: "invalid-file", message: /JSON object/ });
  }
  for (const text of ["a", "=1"])
    assert.throws(() => readParameters([text], undefined), /expected name=value/);
});

test("the cell goes after the parameters cell, else to the top, and replaces one from before", () => {
  const tagged = (tag: string) => ({ source: "let alpha: number = 1\nconst who = 'me'", tags: [tag] });
  const values = new Map([["alpha", 2] as const]);
  const path = (...cells: Parameters<typeof writeNotebook>[2]) =>
    join(folder, writeNotebook(folder, "n.ipynb", cells));
  assert.deepEqual(injectionFor(path("1", tagged("parameters"), "2"), values), {
    source: "// Parameters\nlet alpha: number = 2;",
    at: 2,
    replaces: false,
  });
  assert.deepEqual(injectionFor(path("1"), values), {
    source: "// Parameters\nconst alpha: number = 2;",
    at: 0,
    replaces: false,
  });
  const again = injectionFor(path(tagged("parameters"), "1", tagged("injected-parameters")), values);
  assert.deepEqual([again.at, again.replaces], [2, true]);
});

test("a name that the parameters cell doesn't declare is refused with the nearest that it does", () => {
  const cell = { source: "let alpha = 1, lambda = 2", tags: ["parameters"] };
  const path = join(folder, writeNotebook(folder, "names.ipynb", [cell]));
  assert.throws(() => injectionFor(path, new Map([["lamda", 1]])), {
    code: "unknown-option",
    message: 'unknown parameter: "lamda"; expected alpha, lambda. Did you mean lambda?',
  });
  assert.throws(() => injectionFor(path, new Map([["zzzzzz", 1]])), /expected alpha, lambda\.$/);
  assert.throws(() => injectionFor(path, new Map([["a b", 1]])), { code: "invalid-option" });
  writeFileSync(join(folder, "broken.ipynb"), "{");
  assert.throws(() => injectionFor(join(folder, "broken.ipynb"), new Map([["a", 1]])), /format 4/);
});

test("the nearest word is one that is like it", () => {
  assert.equal(nearest("alhpa", ["beta", "alpha"]), "alpha");
  assert.equal(nearest("Alpha", ["beta", "alpha"]), "alpha");
  assert.equal(nearest("xyz", ["abc", "def"]), undefined);
  assert.equal(nearest("a", []), undefined);
});
