import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { installKernel } from "../../src/notebook/kernelspec/install";
import { python } from "../python";
import { command, newFolder, program, writeNotebook } from "./command";

const folder: string = newFolder("run");
after(() => rmSync(folder, { recursive: true, force: true }));

const parametersCell = { source: "let alpha: number = 0.5;\nconst who = 'me';", tags: ["parameters"] };

function notebook(name: string, ...cells: Parameters<typeof writeNotebook>[2]): string {
  return writeNotebook(folder, name, cells);
}

function run(...args: string[]) {
  return command(folder, ["run", ...args]);
}

function cellsOf(name: string) {
  return JSON.parse(readFileSync(join(folder, name), "utf8")).cells as {
    source: string[];
    metadata: { tags: string[]; execution?: object };
    outputs: { output_type: string }[];
  }[];
}

test("run prints the tagged cells and writes page and notebook", () => {
  const path = notebook("fine.ipynb", "const x: number = 6;", "x * 7");
  const { status, stdout, stderr } = run(path, "--html", "fine.html", "--output", "deep/out.ipynb");
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "42\n");
  assert.ok(existsSync(join(folder, "fine.html")) && existsSync(join(folder, "deep", "out.ipynb")));
});

test("parameters arrive with the types of the parameters cell", () => {
  const path = notebook(
    "typed.ipynb",
    "1",
    parametersCell,
    "(alpha * 2).toFixed(0) + ' ' + who.toUpperCase()",
  );
  writeFileSync(join(folder, "typed.json"), '{"who": "file", "alpha": 1}');
  const given = ["-p", "alpha=21", "--param", "who=you & I", "--output", "typed-out.ipynb"];
  assert.match(run(path, ...given).stdout, /'42 YOU & I'/);
  const cells = cellsOf("typed-out.ipynb");
  assert.deepEqual(cells[2].metadata.tags, ["injected-parameters"]);
  assert.equal(
    cells[2].source.join(""),
    '// Parameters\nlet alpha: number = 21;\nconst who: string = "you & I";',
  );
  assert.match(run("typed-out.ipynb", "-p", "alpha=1", "--output", "again.ipynb").stdout, /'2 ME'/);
  assert.equal(cellsOf("again.ipynb").length, cells.length);
  assert.match(run(path, "--params-file", "typed.json", "-p", "alpha=2").stdout, /'4 FILE'/);
  assert.match(run(notebook("top.ipynb", "beta + 1"), "-p", "beta=3").stdout, /^4\n$/);
});

test("a parameter of another type is an error of the type checker", () => {
  const path = notebook("wrong-type.ipynb", parametersCell, "alpha");
  for (const [given, line] of [
    ["alpha=much", 2],
    ["who=7", 2],
  ] as const) {
    const { status, stderr } = run(path, "-p", given);
    assert.equal(status, 1);
    const heading = new RegExp(
      `^logitpress: cell 2 of 3(?:, line ${line})? failed: TS2322: Type .* is not`,
      "m",
    );
    assert.match(stderr, heading);
    assert.match(stderr, /> 2 \| (let alpha: number|const who: string) = /);
  }
});

test("the type may be one that the parameters cell declares", () => {
  const source = 'type Mode = "fast" | "exact";\nlet mode: Mode = "fast";';
  const path = notebook("alias.ipynb", { source, tags: ["parameters"] }, "mode");
  assert.equal(run(path, "-p", "mode=exact").stdout, "'exact'\n");
  assert.match(run(path, "-p", "mode=slow").stderr, /TS2322: Type '"slow"' is not assignable to type 'Mode'/);
});

test("a page that can't be made or a file that can't be written is one line", () => {
  const path = notebook("unwritten.ipynb", "1");
  writeFileSync(join(folder, "file"), "");
  const { status, stdout, stderr } = run(path, "--output", "file/out.ipynb", "--json");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^logitpress: failed writing of file\/out\.ipynb; expected a file that can be written\. /m,
  );
  assert.equal(JSON.parse(stdout).error.code, "failed");
  const hidden = join(folder, "hidden", "nbconvert");
  mkdirSync(hidden, { recursive: true });
  writeFileSync(join(hidden, "__init__.py"), "raise ImportError()");
  const blind = command(folder, ["run", path, "--html", "x.html"], { PYTHONPATH: join(folder, "hidden") });
  assert.match(blind.stderr, /^logitpress: missing Python package: nbconvert\. Install it with: .*\n$/);
});

test("run fails when a cell fails, shows its error without colours, and writes the outputs so far", () => {
  const path = notebook("wrong.ipynb", "'first'", "const far = 1;\nthrow new RangeError('too far')", "1");
  const { status, stdout, stderr } = run(path, "--output", "wrong-out.ipynb", "--html", "wrong.html");
  assert.equal(status, 1);
  assert.equal(stdout, "'first'\n");
  assert.match(stderr, /^logitpress: cell 2 of 3, line 2 failed: RangeError: too far$/m);
  assert.match(stderr, /> 2 \| throw new RangeError/);
  assert.ok(!stderr.includes("\u001b"));
  assert.deepEqual(
    cellsOf("wrong-out.ipynb").map(({ outputs }) => outputs.map((output) => output.output_type)),
    [["execute_result"], ["error"], []],
  );
  assert.match(readFileSync(join(folder, "wrong.html"), "utf8"), /too far/);
});

test("--json prints one object, of a failure too, and no key", () => {
  const path = notebook("json.ipynb", "6 * 7", "console.error(1); throw new Error('no')");
  const { status, stdout, stderr } = run(path, "--json");
  assert.equal(status, 1);
  const { failure, ...rest } = JSON.parse(stdout);
  assert.ok(rest.seconds > 0);
  assert.deepEqual(
    { ...rest, seconds: 0 },
    {
      notebook: path,
      html: null,
      output: null,
      cells: 2,
      seconds: 0,
      printed: "42\n",
    },
  );
  assert.deepEqual([failure.cell, failure.line, failure.ename, failure.evalue], [2, 1, "Error", "no"]);
  assert.equal(failure.source, "console.error(1); throw new Error('no')");
  assert.doesNotMatch(`${stdout}${stderr}`, /"key"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|[0-9a-f]{32}/);
});

test("the death of the kernel and a cell that takes too long are told", () => {
  const dying = run(
    notebook("dies.ipynb", "1", "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})"),
  );
  assert.equal(dying.status, 1);
  assert.match(dying.stderr, /^logitpress: cell 2 of 2 failed: KernelDied: the kernel died/m);
  const slow = run(notebook("slow.ipynb", "while (true) {}"), "--timeout", "1");
  assert.equal(slow.status, 1);
  assert.match(slow.stderr, /^logitpress: cell 1 of 1 failed: Timeout: the cell took longer than 1 s/m);
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGKILL", null],
] as const) {
  test(`${signal} in mid-cell stops the kernel too and leaves nothing written`, async () => {
    const notes = newFolder("pid");
    const pid = join(notes, "pid");
    const source = `require("node:fs").writeFileSync(${JSON.stringify(pid)}, String(process.pid) + ".");\nwhile (true) {}`;
    const path = notebook(`${signal}.ipynb`, source);
    const before = readdirSync(folder).sort();
    const args = [program, "run", path, "--output", "half.ipynb", "--html", "half.html"];
    const env = { ...process.env, LOGITPRESS_PYTHON: python };
    const child = spawn(process.execPath, args, { cwd: folder, env });
    const ended = once(child, "close");
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
    });
    const written = await until(() => existsSync(pid) && /^(\d+)\.$/.exec(readFileSync(pid, "utf8")));
    child.kill(signal);
    const [status] = await ended;
    assert.equal(status, code, said);
    assert.match(said, /logitpress: interrupted; nothing was written/);
    await until(() => !isAlive(Number(written[1])));
    assert.deepEqual(readdirSync(folder).sort(), before);
    rmSync(notes, { recursive: true });
  });
}

test("a kernel that dies at its start is one line of ours, without the key of its connection", async () => {
  const prefix = newFolder("dying");
  const installed = await installKernel({ prefix });
  const file = join(installed.folder, "kernel.json");
  const spec = JSON.parse(readFileSync(file, "utf8"));
  const spy = join(prefix, "spy.cjs");
  const copy = `require("node:fs").copyFileSync(process.argv.at(-1), ${JSON.stringify(join(prefix, "connection"))});`;
  writeFileSync(spy, `${copy} throw new Error("no start " + process.argv.join(" "))`);
  spec.argv.splice(1, 0, "--require", spy);
  writeFileSync(file, JSON.stringify(spec));
  const env = { JUPYTER_PATH: join(prefix, "share", "jupyter") };
  const { status, stdout, stderr } = command(folder, ["run", notebook("dying.ipynb", "1"), "--json"], env);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^logitpress: the kernel logitpress does not start: .* with: logitpress kernel doctor$/m,
  );
  const { key } = JSON.parse(readFileSync(join(prefix, "connection"), "utf8"));
  assert.ok(key.length > 20 && !`${stdout}${stderr}`.includes(key));
  rmSync(prefix, { recursive: true });
});

test("two runs give the same bytes", () => {
  const steps =
    "for (let k = 0; k < 4; k++) { console.log(k); await new Promise((r) => setTimeout(r, 40)); }";
  const path = notebook("same.ipynb", parametersCell, steps, "({ alpha, who })");
  const bytes = ["a", "b"].map((name) => {
    const files = ["--output", `${name}.ipynb`, "--html", `${name}.html`];
    assert.equal(run(path, "-p", "alpha=2", ...files).status, 0);
    const [written, page] = [`${name}.ipynb`, `${name}.html`].map((file) =>
      readFileSync(join(folder, file), "utf8"),
    );
    return { written, page };
  });
  assert.deepEqual(bytes[0], bytes[1]);
  const cells = cellsOf("a.ipynb");
  assert.equal(cells[2].outputs.length, 1);
  assert.ok(cells.every(({ metadata }) => metadata.execution === undefined));
});

test("a notebook that is none, and a kernel that doesn't start, are one line", () => {
  writeFileSync(join(folder, "none.ipynb"), "{");
  const none = run("none.ipynb");
  assert.equal(none.status, 1);
  assert.match(none.stderr, /^logitpress: invalid notebook: none\.ipynb; .*\n$/);
  const path = writeNotebook(folder, "other.ipynb", ["1"], "no-such-kernel");
  assert.match(run(path).stderr, /^logitpress: missing kernel: no-such-kernel; .* Install it with: .*\n$/);
  assert.match(
    run(path, "--timeout", "0").stderr,
    /^logitpress: invalid --timeout: "0"; expected whole seconds/,
  );
});

async function until<T>(ready: () => T | false | null): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const value = ready();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail("it did not happen within 20 s");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
