import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { loadTslab } from "../../../src/notebook/kernel/compiler/load";
import { CompilerService } from "../../../src/notebook/kernel/compiler/service";

const tslab = loadTslab();
const folder = mkdtempSync(join(tmpdir(), "logitpress-declared-"));
writeFileSync(join(folder, "local.ts"), "export const inner = 1;\n");
after(() => rmSync(folder, { recursive: true }));
const service = new CompilerService(tslab, folder);
const { declared: file } = tslab.files;
const options = { target: tslab.typescript.ScriptTarget.ES2022 };

/** Cells that declare the same few names in all ways, use them, or fail. */
const cells = [
  "const a = 1",
  "let a = 'text', b = 2",
  "/** what b is */\nlet b: typeof a extends number ? 'n' : 's' = null as any, c = [1, 2].map((x) => ({ x, y: 'z' }))",
  "const [c, d] = [1, 'two'], { e, ...f } = { e: 1, g: 2 }",
  "interface a { left: b }",
  "interface b { right: string }\ninterface b { wrong: number }",
  "type a<T = string> = { of: T } | `x`",
  "class b<T> { static s = 1; constructor(readonly it: T, protected z = 2) {} /** m */ m(): this { return this } }",
  "enum c { one, two = 'x' }",
  "const enum d { one = 1 }",
  "/** f of text */\nfunction f(x: string): number;\nfunction f(x: number): string;\nfunction f(x: any): any { return x }",
  "async function* g<T extends object>(this: void, x: T) { yield [x] as const }",
  "import * as a from 'fs'",
  "import b, { join as c, resolve } from 'path'; b; c; resolve",
  "import type { Server } from 'http'; import { Socket } from 'net'; let d: Server | Socket",
  "const e = Buffer.from('x')",
  "const modules = await import('path')",
  "let g: typeof import('fs') = null as any",
  "namespace a { export const inner = 1 }",
  "const resolve = 5",
  "declare global { interface Array<T> { own?: T } }\nexport {}",
  "import b = require('fs'); b",
  "const h = { a, b, c }",
  "let i: a | b, j: typeof c",
  "[a, b, c, d, e, f, g]",
  "const k: number = 'fails'",
  "const a = ;",
  "1 + 1",
  "",
];

interface Bound {
  readonly text: string;
  readonly locals: Map<string, { readonly members: Map<string, unknown> }>;
}

type Step = readonly ["keep" | "lose" | "inspect" | "complete", string];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("keep", "keep", "keep", "keep", "lose", "inspect", "complete"),
  fc.constantFrom(...cells),
);

/** A function whose namespace is not kept, and the type of a module that only the file of declarations imports. */
const examples: [Step[]][] = [
  ["function a() {}\nnamespace a { export const z = 1 }", "a.z", "const b = 1", "const c = 1", "a.z"],
  ["let g: typeof import('./local') = null as any", "const b = 1", "g.inner + b", "g.outer"],
].map((codes) => [codes.map((code) => ["keep", code])]);

/** What the compiler answers to one cell after the other. What is lost was interrupted before it ran. */
function answers(steps: readonly Step[], before: () => void): string[] {
  let declared = "";
  return steps.map(([kind, code]) => {
    before();
    if (kind === "inspect" || kind === "complete") {
      const name = code.slice(0, 1);
      return JSON.stringify(service.answer({ kind, declared, code: name, cursor: 1 }));
    }
    const answer = service.answer({ kind: "convert", declared, code, label: "In [1]" });
    if (kind === "keep" && "declared" in answer) declared = answer.declared;
    return JSON.stringify(answer);
  });
}

test("what cells declare is known to later ones as if all of it were read anew for each", () => {
  // Of a module its code is given once.
  service.answer({ kind: "convert", declared: "", code: "import './local'", label: "In [1]" });
  const sequences = fc.array(step, { minLength: 2, maxLength: 14 });
  fc.assert(
    fc.property(sequences, (steps) => {
      assert.deepEqual(
        answers(steps, () => undefined),
        answers(steps, () => file.forget()),
      );
    }),
    { numRuns: 20, seed: 4, examples },
  );
});

test("what stays declared is neither parsed nor bound again, and what is declared anew is gone", () => {
  let declared = "";
  const converted = (code: string) => {
    const answer = service.answer({ kind: "convert", declared, code, label: "In [1]" });
    assert.ok("declared" in answer, JSON.stringify(answer));
    ({ declared } = answer);
    const text = `export {};\n${declared}`;
    return file.get(posix.join(folder, "__prev__.d.ts"), text, options) as unknown as Bound;
  };
  const first = converted("const kept = 1; const one = 1, two = 2; interface Gone { old: 1 }");
  const next = converted("const two = 'x'; interface Gone { young: 1 }");
  assert.equal(next.locals.get("kept"), first.locals.get("kept"));
  assert.equal(next.locals.get("one"), first.locals.get("one"));
  assert.notEqual(next.locals.get("two"), first.locals.get("two"));
  assert.equal(next.locals.get("Gone")?.members.has("old"), false);
  assert.deepEqual([...next.locals.keys()].sort(), ["Gone", "kept", "one", "two"]);
  assert.equal(
    declared,
    'declare const two = "x";\ninterface Gone {\n    young: 1;\n}\ndeclare const kept = 1;\ndeclare const one = 1;\n',
  );

  const lengths = Array.from({ length: 700 }, (_, n) => converted(`const kept = ${n}`).text.length);
  assert.ok(Math.max(...lengths) < 20_000, "what is no longer declared piles up");
});
