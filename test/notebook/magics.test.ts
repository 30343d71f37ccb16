import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import typescript from "@tslab/typescript-for-tslab";
import { cellMagics, lineMagics, magicHelp, magicsBeginning } from "../../src/notebook/kernel/magics/list";
import { declaredNames, isWordOfLanguage } from "../../src/notebook/kernel/magics/names";
import { timeitLine } from "../../src/notebook/kernel/magics/timing";
import { blanked, type Translated, translate } from "../../src/notebook/kernel/magics/translate";
import { words } from "../../src/notebook/kernel/magics/words";
import { unshifted } from "../../src/notebook/kernel/shifts";
import { sourcesOf } from "../docs/sources";
import { root } from "../python";

const none = (): boolean => false;

/** `code` translated, names that it declares being known. */
function translated(code: string, session: readonly string[] = []): Translated {
  const result = translate(code, typescript, knownIn(code, session));
  if ("failure" in result) assert.fail(result.failure.evalue);
  return result;
}

function knownIn(code: string, session: readonly string[]): (name: string) => boolean {
  const names = declaredNames(code, typescript);
  return (name) => names.has(name) || session.includes(name) || isWordOfLanguage(name, typescript);
}

function refused(code: string): string {
  const result = translate(code, typescript, none);
  return "failure" in result ? result.failure.evalue : assert.fail(result.code);
}

test("what can be TypeScript stays as it is", () => {
  const cells = [
    "const a = 7\n% 2",
    "const a = 7, b = 2\na\n%b",
    "const x = (1\n%time)",
    "const s = `\n%time x\n!ls\n`;",
    "/*\n%time x\n*/\n1",
    "const o = {\n  a: 1 +\n%cd\n};",
    "  %time x",
    "  !ls",
    "let done = false;\n!done && 1;",
    "!(1 > 2)",
    "!!1",
    '!"text"',
    "!globalThis.x",
    "!await f()",
    "!new Set().size",
    "f(`a\n!b`)\n",
  ];
  for (const code of cells) assert.equal(translated(code).code, code);
});

test("no line of this project's own TypeScript is taken for a magic", () => {
  const sources = [...sourcesOf("src"), ...sourcesOf("test")];
  assert.ok(sources.length > 200);
  for (const { text } of sources) assert.equal(translated(text).code, text);
});

test("line magics become calls that keep the lines", () => {
  for (const [line, call] of [
    ["%pwd", '.line("pwd", "");'],
    ["%cd /tmp", '.line("cd", "/tmp");'],
    ['%env A="b c"', '.line("env", "A=\\"b c\\"");'],
    ["!ls -la", '.line("!", "ls -la");'],
    ["! ls", '.line("!", "ls");'],
    ["!./run 'x'", '.line("!", "./run \'x\'");'],
    ["!/bin/echo äöü", '.line("!", "/bin/echo äöü");'],
  ] as const) {
    const code = `const before = 1\n${line}\nbefore`;
    const result = translated(code);
    assert.ok(result.code.split("\n")[1]!.trimEnd().endsWith(call), result.code);
    assert.equal(result.code.split("\n").length, 3);
    assert.deepEqual(unshifted({ line: 1, column: 80 }, [result.shifts]), { line: 1, column: 0 });
    assert.deepEqual(unshifted({ line: 2, column: 3 }, [result.shifts]), { line: 2, column: 3 });
  }
});

test("line ends of Windows are no part of a magic", () => {
  const { code } = translated("%cd /tmp\r\n1\r\n");
  assert.match(code, /"cd", "\/tmp"\)/);
});

test("%time keeps the statement, its type and its columns", () => {
  const cell = "%time const model = await fit(1);\nmodel";
  const { code, shifts } = translated(cell);
  assert.match(code, /^ {6}const model = \(globalThis.*\.end\(.*\.begin\(\), \(await fit\(1\)\)\);\nmodel$/);
  for (const word of ["const", "model", "fit"]) {
    const column = code.indexOf(word === "fit" ? "fit(1)" : word);
    const place = unshifted({ line: 0, column }, [shifts]);
    assert.equal(place.column, cell.indexOf(word), word);
  }
  assert.match(translated("%time f(\n  1,\n)\n2").code, /\(f\(\n {2}1,\n\)\)\)\n2$/);
  assert.match(
    translated("%time for (const x of []) {\n}\n2").code,
    /begin\(\); for .*\n\}; .*stop\(\);\n2$/s,
  );
});

test("%timeit and %%timeit run a function, asynchronous only where it awaits", () => {
  assert.match(translated("%timeit f(1);").code, /timeit\(\(\) => \(f\(1\)\)\);$/);
  assert.match(translated("%timeit await f(1)").code, /timeit\(async \(\) => \(await f\(1\)\)\)$/);
  assert.match(translated("%timeit (async () => await f())").code, /timeit\(\(\) => \(\(async/);
  assert.match(
    translated("%%timeit\nlet x = 1;\nx++;").code,
    /timeit\(\(\) => \{ {8}\nlet x = 1;\nx\+\+;\n\}\);$/,
  );
});

test("cell magics take the whole cell as text", () => {
  const { code } = translated('%%bash a "b"\necho `x` $y\n%time\n');
  assert.match(code, /\.cell\("bash", "a \\"b\\"", "echo `x` \$y\\n%time\\n"\);$/);
  assert.equal(translated("\n%%html\n<b>").code.split("\n").length, 2);
  assert.deepEqual(translated("%%time\nf()"), { code: "      \nf()", shifts: [], timed: true });
});

test("an unknown magic is named, with the nearest", () => {
  assert.equal(refused("%tiem f()"), "unknown magic: %tiem. Did you mean %time?");
  assert.match(refused("%%fortran\nEND"), /^unknown magic: %%fortran\. There are %%time, /);
  assert.match(refused("%%\n1"), /^unknown magic: %%\./);
});

test("for questions magics are blank and all else keeps its place", () => {
  const cell = "const a = 1;\n!ls\n%time a.toFixed()\n%cd x\na";
  const text = blanked(cell, typescript, knownIn(cell, []));
  assert.equal(text, "const a = 1;\n   \n      a.toFixed()\n     \na");
  assert.equal(blanked("%%bash\nls", typescript, none), "      \n  ");
  assert.equal(blanked("%%time\nf(", typescript, none), "      \nf(");
});

test("names and help of the magics", () => {
  assert.deepEqual(magicsBeginning("%ti"), ["%time", "%timeit"]);
  assert.deepEqual(magicsBeginning("%%h"), ["%%html"]);
  assert.match(magicHelp("%time")!, /^%time STATEMENT\n/);
  assert.match(magicHelp("%%bash")!, /bash/);
  assert.equal(magicHelp("%nothing"), undefined);
  const page = readFileSync(join(root, "src/notebook/kernel/magics/MAGICS.md"), "utf8");
  for (const { usage } of [...lineMagics, ...cellMagics]) assert.ok(page.includes(`\`${usage}\``), usage);
});

test("words are divided as a shell divides them", () => {
  assert.deepEqual(words(`a "b c" 'd "e'`), ["a", "b c", 'd "e']);
  assert.deepEqual(words(String.raw`--x="a \"b\"" y`), ['--x=a "b"', "y"]);
  assert.deepEqual(words("  "), []);
});

test("timeit runs what takes long seven times, and tells in units that fit", async () => {
  let runs = 0;
  const line = await timeitLine(async () => {
    runs++;
    await new Promise((resolve) => setTimeout(resolve, 210));
  });
  assert.equal(runs, 7);
  assert.match(line, /^2\d\d ms ± .* a loop, best 2\d\d ms \(7 runs of 1 loop\)\n$/);
  assert.match(await timeitLine(() => undefined), / ns ± .*loops\)\n$/);
});
