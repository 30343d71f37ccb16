import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { installKernel, uninstallKernel } from "../../src/notebook/kernelspec/install";
import type { InstalledKernel } from "../../src/notebook/kernelspec/places";
import { python, root } from "../python";

const prefix = mkdtempSync(join(tmpdir(), "logitpress-wire-"));
let installed: InstalledKernel;

before(async () => {
  installed = await installKernel({ prefix });
});

after(() => rmSync(prefix, { recursive: true, force: true }));

/** Runs a Python suite against the installed kernel; every test of it must pass and none be skipped. */
function suite(name: string, count: number): void {
  test(`${name}: ${count} tests with a real client`, { timeout: 240_000 }, async () => {
    const kernel = { JUPYTER_PATH: join(prefix, "share", "jupyter"), LOGITPRESS_HISTORY: "" };
    const { status, stdout, stderr } = await run(name, { ...kernel, PYTHONDONTWRITEBYTECODE: "1" });
    assert.equal(status, 0, `${stdout}${stderr}`);
    assert.match(stderr, new RegExp(`^Ran ${count} tests? in`, "m"), stderr);
    assert.match(stderr, /^OK$/m, stderr);
  });
}

function run(
  name: string,
  env: NodeJS.ProcessEnv,
): Promise<{ status: number; stdout: string; stderr: string }> {
  const options = { cwd: prefix, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
  return new Promise((resolve) => {
    execFile(python, [join(root, "test/wire", name), "-v"], options, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
  });
}

// Side by side, but for those that measure time or memory.
describe("the kernel", { concurrency: 2 }, () => {
  suite("standard.py", 13);
  suite("cells.py", 37);
  suite("protocol.py", 7);
  suite("compiler.py", 10);
  suite("magics.py", 13);
  suite("comms.py", 11);
  suite("past.py", 8);
  suite("children.py", 12);
  suite("frontends.py", 12);
});

describe("the kernel, undisturbed", { concurrency: 1 }, () => {
  suite("flow.py", 10);
  suite("stopping.py", 8);
  suite("soak.py", 1);
  suite("memory.py", 6);
});

test("the kernelspec names this node, the kernel and interruption by message", () => {
  const spec = JSON.parse(readFileSync(join(installed.folder, "kernel.json"), "utf8"));
  assert.equal(spec.argv[0], process.execPath);
  assert.ok(existsSync(spec.argv.at(-2)));
  assert.equal(spec.argv.at(-1), "{connection_file}");
  assert.equal(spec.interrupt_mode, "message");
  assert.equal(spec.display_name, "TypeScript (logitpress)");
});

test("installing again replaces, uninstalling leaves nothing", async () => {
  const other = mkdtempSync(join(tmpdir(), "logitpress-install-"));
  const { folder, labextension } = await installKernel({ prefix: other });
  await installKernel({ prefix: other });
  assert.ok(existsSync(join(labextension, "static", "plotly.min.js")));
  assert.deepEqual(readdirSync(join(other, "share/jupyter")).sort(), ["kernels", "labextensions"]);
  await uninstallKernel({ prefix: other });
  assert.ok(!existsSync(folder) && !existsSync(labextension));
  rmSync(other, { recursive: true });
});

test("a prefix that can't be written is refused", async () => {
  await assert.rejects(installKernel({ prefix: join(installed.folder, "kernel.json") }), { code: "failed" });
});
