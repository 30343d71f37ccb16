import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { python, root } from "../python";

const folder: string = mkdtempSync(join(tmpdir(), "logitpress-cli-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function logitpress(...args: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, LOGITPRESS_PYTHON: python };
  return spawnSync(process.execPath, [join(root, "dist/src/cli/main.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
}

function notebook(name: string, kernel: string, ...sources: string[]): string {
  const cells = sources.map((source, k) => ({
    cell_type: "code",
    id: `cell-${k}`,
    metadata: { tags: ["print"] },
    source,
    execution_count: null,
    outputs: [],
  }));
  const kernelspec = { name: kernel, display_name: kernel };
  writeFileSync(
    join(folder, name),
    JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
  );
  return name;
}

test("run prints the tagged cells and writes page and notebook", () => {
  const path = notebook("fine.ipynb", "logitpress", "const x: number = 6;", "x * 7");
  const { status, stdout, stderr } = logitpress("run", path, "--html", "fine.html", "--output", "out.ipynb");
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "42\n");
  assert.ok(existsSync(join(folder, "fine.html")) && existsSync(join(folder, "out.ipynb")));
});

test("run fails when a cell fails, and shows its error", () => {
  const path = notebook("wrong.ipynb", "logitpress", "throw new RangeError('too far')", "1");
  const { status, stdout, stderr } = logitpress("run", path);
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /RangeError: too far/);
});

test("nbconvert stops with an error at a cell that fails", () => {
  const path = notebook("stops.ipynb", "logitpress", "const x: number = 'text'", "1");
  const args = ["-m", "nbconvert", "--to", "html", "--execute", path];
  const { status, stderr } = spawnSync(python, args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /TS2322/);
  assert.ok(!existsSync(join(folder, "stops.html")));
});

test("mistakes are one line with the remedy", () => {
  const unknown = notebook("unknown.ipynb", "no-such-kernel", "1");
  const cases: [string[], number, RegExp][] = [
    [["run", unknown], 1, /^.*logitpress: missing kernel: no-such-kernel; .* Install it with: .*\n$/],
    [
      ["run", "nowhere.ipynb"],
      1,
      /^logitpress: invalid notebook: "nowhere\.ipynb"; expected a file that exists\.\n$/,
    ],
    [["run"], 1, /^logitpress: invalid notebooks: ""; expected exactly one path\.\n$/],
    [["run", "--fast", unknown], 1, /^logitpress: Unknown option '--fast'/],
    [["fly"], 2, /^logitpress: unknown command: fly; expected kernel or run\n$/],
    [
      ["kernel", "paint", "--prefix", "p"],
      1,
      /^logitpress: invalid action: "paint"; expected install or uninstall\.\n$/,
    ],
    [["kernel", "install"], 1, /^logitpress: missing option: "--prefix"/],
  ];
  for (const [args, code, said] of cases) {
    const { status, stderr } = logitpress(...args);
    assert.equal(status, code, args.join(" "));
    assert.match(stderr, said);
  }
});

test("help says what each command takes", () => {
  for (const args of [["--help"], ["run", "--help"], ["kernel", "--help"]]) {
    const { status, stdout } = logitpress(...args);
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: logitpress/);
  }
});
