import assert from "node:assert/strict";
import { test } from "node:test";
import { type Source, sourcesOf } from "../docs/sources";

const sources = sourcesOf("src");
const codes = unionOf(sources.find(({ file }) => file === "src/base/errors.ts")!);

function unionOf({ text }: Source): string[] {
  const union = /export type ErrorCode =([^;]*);/.exec(text)![1];
  return [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
}

/** The codes in the first argument of every call that throws: one, or those of a choice between some. */
function thrown(): string[] {
  return sources.flatMap(({ text }) =>
    [...text.matchAll(/\b(?:fail|LogitpressError)\(\s*([^{},]*),/g)].flatMap(([, first]) =>
      [...first.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code),
    ),
  );
}

/** The codes that a test expects: `code: "..."`, `error.code === "..."`, `refusal("...")` and the like. */
function expected(): string[] {
  const assertion = /(?:\bcode:|\.code (?:===)|\.code,|\b(?:code|refusal|refused)\()\s*"([a-z-]+)"/g;
  return sourcesOf("test").flatMap(({ text }) => [...text.matchAll(assertion)].map(([, code]) => code));
}

test("the codes are a closed list, each once", () => {
  assert.ok(codes.length > 10);
  assert.equal(new Set(codes).size, codes.length);
});

test("every code is thrown somewhere", () => {
  const found = new Set(thrown());
  assert.deepEqual(
    codes.filter((code) => !found.has(code)),
    [],
  );
  assert.deepEqual(
    [...found].filter((code) => !codes.includes(code)),
    [],
  );
});

test("every code is expected by a test", () => {
  const found = new Set(expected());
  assert.deepEqual(
    codes.filter((code) => !found.has(code)),
    [],
  );
});
