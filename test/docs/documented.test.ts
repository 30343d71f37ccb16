import assert from "node:assert/strict";
import { test } from "node:test";
import { type Source, sourcesOf } from "./sources";

const declaration =
  /^export (?:declare )?(?:default )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|const|let|enum|namespace) (\w+)/;
const again = /^export (?:type )?[*{]/;

/** The exported declarations of a file that no TSDoc comment stands above, overloads after the first left out. */
function undocumented({ file, text }: Source): string[] {
  const lines = text.split("\n");
  let last = "";
  return lines.flatMap((line, at) => {
    if (!line.startsWith("export ") || again.test(line)) return [];
    const name = declaration.exec(line)?.[1] ?? assert.fail(`${file}: an export of unknown form: ${line}`);
    const overload = name === last && lines[at - 1].endsWith(";");
    last = name;
    return overload || /[a-z]{3}/i.test(commentAbove(lines, at)) ? [] : [`${file}: ${name}`];
  });
}

/** The words of the TSDoc comment that ends just above a line; empty where there is none. */
function commentAbove(lines: readonly string[], at: number): string {
  if (at === 0 || !lines[at - 1].endsWith("*/")) return "";
  let from = at - 1;
  while (from > 0 && !lines[from].trimStart().startsWith("/*")) from--;
  const comment = lines.slice(from, at).join("\n");
  return comment.startsWith("/**") ? comment.replace(/@\w+/g, "") : "";
}

test("the scan tells what is documented from what is not", () => {
  const file = "sample.ts";
  const scan = (text: string) => undocumented({ file, text });
  assert.deepEqual(scan("/** A number. */\nexport const a: number = 1;"), []);
  assert.deepEqual(
    scan("/**\n * Adds.\n * @throws never\n */\nexport async function add(): Promise<void> {}"),
    [],
  );
  assert.deepEqual(scan('export { a } from "./a";\nexport type { B } from "./b";'), []);
  assert.deepEqual(scan("export const a: number = 1;"), ["sample.ts: a"]);
  assert.deepEqual(scan("// A number.\nexport const a: number = 1;"), ["sample.ts: a"]);
  assert.deepEqual(scan("/* A number. */\nexport const a: number = 1;"), ["sample.ts: a"]);
  assert.deepEqual(scan("/** A number. */\n\nexport const a: number = 1;"), ["sample.ts: a"]);
  assert.deepEqual(scan("/** @internal */\nexport abstract class A {}"), ["sample.ts: A"]);
  assert.deepEqual(scan("/** One. */\nexport type A = 1;\nexport interface B {}"), ["sample.ts: B"]);
  const overloads =
    "/** The same. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2 {}\nexport function g(): 1;";
  assert.deepEqual(scan(overloads), ["sample.ts: g"]);
  assert.throws(() => scan("export = a;"), /unknown form/);
});

test("every exported declaration has a TSDoc comment", () => {
  const sources = sourcesOf("src").filter(({ file }) => !/^src\/(?:setup|simd\/assembly)\//.test(file));
  assert.ok(sources.length > 100, `only ${sources.length} files were found`);
  assert.deepEqual(sources.flatMap(undocumented), []);
});
