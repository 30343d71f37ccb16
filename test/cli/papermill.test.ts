import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { python } from "../python";
import { command, newFolder, writeNotebook } from "./command";

const folder: string = newFolder("papermill");
const parameters = {
  source: "let alpha: number = 0.5; // how much\nconst who = 'me';",
  tags: ["parameters"],
};

before(() => {
  const args = ["kernel", "install", "--prefix", folder, "--python", python, "--papermill"];
  const { status, stderr } = command(folder, args);
  assert.equal(status, 0, stderr);
});

after(() => {
  ask("-m", "pip", "uninstall", "-q", "-y", "logitpress-papermill");
  rmSync(folder, { recursive: true, force: true });
});

function ask(...args: string[]) {
  return spawnSync(python, args, { cwd: folder, encoding: "utf8" });
}

function papermill(...args: string[]) {
  return ask("-m", "papermill", "--no-progress-bar", ...args);
}

test("parameters of every kind arrive as TypeScript", () => {
  const cell = "JSON.stringify({ alpha, who, flag, none, list, record })";
  const path = writeNotebook(folder, "kinds.ipynb", [parameters, cell]);
  const yaml =
    "{alpha: 2.5, who: 'it''s \"q\" ü\\n', flag: true, none: null, list: [1, a], record: {__proto__: 1, b: []}}";
  const { status, stderr } = papermill(path, "kinds-out.ipynb", "-y", yaml);
  assert.equal(status, 0, stderr);
  const { cells } = JSON.parse(readFileSync(join(folder, "kinds-out.ipynb"), "utf8"));
  assert.deepEqual(cells[1].metadata.tags, ["injected-parameters"]);
  assert.match(cells[1].source.join(""), /^\/\/ Parameters\nlet alpha: number = 2\.5;$/m);
  assert.deepEqual(
    JSON.parse(cells[2].outputs[0].data["text/plain"].join("").slice(1, -1).replaceAll("\\\\", "\\")),
    {
      alpha: 2.5,
      who: 'it\'s "q" ü\\n',
      flag: true,
      none: null,
      list: [1, "a"],
      record: JSON.parse('{"__proto__": 1, "b": []}'),
    },
  );
});

test("papermill exits with an error where a cell fails or doesn't pass the type checker", () => {
  for (const cell of ["throw new Error('no')", "const n: number = who"]) {
    const path = writeNotebook(folder, "fails.ipynb", [parameters, cell]);
    const { status, stderr } = papermill(path, "fails-out.ipynb", "-p", "who", "x");
    assert.equal(status, 1);
    assert.match(stderr, /Error: no|TS2322/);
  }
});

test("papermill lists the parameters", () => {
  const path = writeNotebook(folder, "help.ipynb", [parameters]);
  const { stdout } = papermill("--help-notebook", path);
  assert.match(stdout, /alpha: number \(default 0\.5\)\s+how much/);
  assert.match(stdout, /who: Unknown type \(default 'me'\)/);
});

test("pip knows the translator's every file, and the kernel's removal removes it", () => {
  const check = `
import importlib.metadata as m, json
files = m.distribution("logitpress-papermill").files
print(json.dumps([str(f) for f in files if f.hash and not f.locate().exists()]))`;
  assert.deepEqual(JSON.parse(ask("-c", check).stdout), []);
  assert.match(ask("-m", "pip", "show", "-f", "logitpress-papermill").stdout, /logitpress_papermill\.py/);
  const again = command(folder, ["kernel", "install", "--prefix", folder]);
  assert.equal(again.status, 0, again.stderr);
  const { status, stdout } = command(folder, ["kernel", "uninstall", "--prefix", folder]);
  assert.equal(status, 0);
  assert.match(stdout, /papermill's translator removed from /);
  assert.equal(ask("-c", "import logitpress_papermill").status, 1);
  assert.ok(!existsSync(join(folder, "share", "jupyter", "kernels", "logitpress")));
});

test("where pip can't install nothing is changed", () => {
  const prefix = join(folder, "nothing");
  const args = ["kernel", "install", "--prefix", prefix, "--papermill"];
  const { status, stderr } = command(folder, args, {
    PIP_REQUIRE_VIRTUALENV: "1",
    PIP_TARGET: "/dev/null/x",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^logitpress: failed change of papermill's translator: .*\n$/);
  assert.ok(!existsSync(prefix));
});
