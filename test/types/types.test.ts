import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../python";

/** An empty project that has logitpress installed. */
function consumer(): string {
  const folder = mkdtempSync(join(tmpdir(), "logitpress-types-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "logitpress"), "junction");
  copyFileSync(join(root, "test", "types", "flow.ts"), join(folder, "flow.ts"));
  return folder;
}

function compiled(compiler: string, options: readonly string[]): string {
  const folder = consumer();
  try {
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules", "@types")];
    const args = [compiler, "--noEmit", "--strict", "--target", "es2022", ...types, ...options, "flow.ts"];
    return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const oldest: string = require.resolve("@tslab/typescript-for-tslab/lib/tsc.js");
const newest: string = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");

test("declarations type-check as a notebook's cells do: TypeScript 5.0, node10", () => {
  const options = [
    "--module",
    "esnext",
    "--moduleResolution",
    "node10",
    "--esModuleInterop",
    "--skipLibCheck",
  ];
  assert.equal(compiled(oldest, options), "");
});

test("declarations type-check under today's TypeScript, node16 and bundler", () => {
  assert.equal(compiled(newest, ["--module", "node16", "--skipLibCheck"]), "");
  const bundler = ["--module", "esnext", "--moduleResolution", "bundler", "--skipLibCheck"];
  assert.equal(compiled(newest, bundler), "");
});

test("a wrong program does not compile", () => {
  const folder = consumer();
  writeFileSync(join(folder, "flow.ts"), 'import { pack } from "logitpress";\npack("no model");\n');
  const args = [
    oldest,
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--moduleResolution",
    "node10",
    "--skipLibCheck",
    "flow.ts",
  ];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true, force: true });
  assert.match(stdout, /flow\.ts\(2,6\): error TS2345/);
});

test("an ES module imports names from the package, and a CommonJS module requires them", () => {
  for (const [type, code] of [
    [
      "module",
      'import { pack, LogisticRegression } from "logitpress"; console.log(typeof pack, typeof LogisticRegression)',
    ],
    [
      "commonjs",
      'const { pack, LogisticRegression } = require("logitpress"); console.log(typeof pack, typeof LogisticRegression)',
    ],
  ]) {
    const { stdout } = spawnSync(process.execPath, [`--input-type=${type}`, "-e", code], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(stdout.trim(), "function function");
  }
});
