import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, mock, test } from "node:test";
import { installKernel, uninstallKernel } from "../../src/notebook/kernelspec/install";
import { userDataFolder } from "../../src/notebook/kernelspec/places";
import { python } from "../python";
import { command, newFolder } from "./command";

const fs = createRequire(__filename)("node:fs") as typeof import("node:fs");
const folder: string = newFolder("install");
after(() => rmSync(folder, { recursive: true, force: true }));

function fresh(): string {
  return mkdtempSync(join(folder, "data-"));
}

/** Every file below a folder with its bytes. */
function content(below: string): [string, string][] {
  return readdirSync(below, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [file, readFileSync(file, "base64")]);
}

function foreignKernel(data: string, name: string): void {
  mkdirSync(join(data, "kernels", name), { recursive: true });
  const spec = { argv: ["other", "{connection_file}"], display_name: "Other", language: "other" };
  writeFileSync(join(data, "kernels", name, "kernel.json"), JSON.stringify(spec));
}

test("an installation holds kernelspec, logos and the chart extension with plotly", async () => {
  const { folder: kernel, labextension } = await installKernel({ data: fresh() });
  assert.deepEqual(readdirSync(kernel).sort(), [
    "kernel.json",
    "logo-32x32.png",
    "logo-64x64.png",
    "logo-svg.svg",
  ]);
  for (const size of [32, 64]) {
    const png = readFileSync(join(kernel, `logo-${size}x${size}.png`));
    assert.equal(png.toString("latin1", 1, 4), "PNG");
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size]);
  }
  assert.ok(existsSync(join(labextension, "static", "plotly.min.js")));
});

test("installing and removing touch no other kernel", async () => {
  const data = fresh();
  foreignKernel(data, "other");
  const before = content(data);
  await installKernel({ data });
  await installKernel({ data });
  const { removed } = await uninstallKernel({ data });
  assert.equal(removed, true);
  assert.deepEqual(content(data), before);
  assert.equal((await uninstallKernel({ data })).removed, false);
});

test("a kernel or extension of our name that isn't ours is refused both ways", async () => {
  const kernel = fresh();
  foreignKernel(kernel, "logitpress");
  const extension = fresh();
  mkdirSync(join(extension, "labextensions", "logitpress"), { recursive: true });
  writeFileSync(join(extension, "labextensions", "logitpress", "package.json"), '{"name":"another"}');
  for (const data of [kernel, extension]) {
    const before = content(data);
    await assert.rejects(installKernel({ data }), /not another of that name.* Move that folder away/);
    await assert.rejects(uninstallKernel({ data }), { code: "failed" });
    assert.deepEqual(content(data), before);
  }
});

test("a kernel.json that can't be read is replaced, and never removed", async () => {
  const data = fresh();
  const { folder: kernel } = await installKernel({ data });
  writeFileSync(join(kernel, "kernel.json"), "{");
  await assert.rejects(uninstallKernel({ data }), { code: "failed" });
  await installKernel({ data });
  assert.ok(JSON.parse(readFileSync(join(kernel, "kernel.json"), "utf8")));
});

test("whichever rename fails, the earlier installation is whole and nothing else stays", async () => {
  const data = fresh();
  await installKernel({ data });
  writeFileSync(join(data, "kernels", "logitpress", "mark"), "old");
  const before = content(data);
  const original = fs.renameSync;
  for (const action of [installKernel, uninstallKernel]) {
    for (const failing of action === installKernel ? [1, 2, 3, 4] : [1, 2]) {
      let calls = 0;
      const renamed = mock.method(fs, "renameSync", (from: string, to: string) => {
        calls += 1;
        if (calls === failing) throw new Error("the disk is gone");
        original(from, to);
      });
      await assert.rejects(action({ data }), { code: "failed", message: /the disk is gone/ });
      renamed.mock.restore();
      assert.deepEqual(content(data), before, `${action.name}, rename ${failing}`);
      assert.deepEqual(readdirSync(join(data, "kernels")), ["logitpress"]);
      assert.deepEqual(readdirSync(join(data, "labextensions")), ["logitpress"]);
    }
  }
});

test("the user's folder is that of jupyter_core on every platform", () => {
  const of = (platform: string, env: Record<string, string> = {}) =>
    userDataFolder({ platform, env, home: "/h" }).replaceAll("\\", "/");
  assert.equal(of("linux"), "/h/.local/share/jupyter");
  assert.equal(of("linux", { XDG_DATA_HOME: "/x" }), "/x/jupyter");
  assert.equal(of("darwin"), "/h/Library/Jupyter");
  assert.equal(of("darwin", { JUPYTER_PLATFORM_DIRS: "1" }), "/h/Library/Application Support/jupyter");
  assert.equal(of("win32", { APPDATA: "/a" }), "/a/jupyter");
  assert.equal(of("win32"), "/h/.jupyter/data");
  assert.equal(of("win32", { JUPYTER_PLATFORM_DIRS: "yes", LOCALAPPDATA: "/l" }), "/l/jupyter");
  for (const platform of ["linux", "darwin", "win32"]) {
    assert.equal(of(platform, { JUPYTER_DATA_DIR: "/d" }), "/d");
  }
});

test("the command installs where it is told, else in the active environment, else for the user", () => {
  const user = join(folder, "user");
  const active = join(folder, "active");
  const prefix = join(folder, "prefix");
  const below = (where: string) => join(where, "share", "jupyter");
  const cases: [string[], Record<string, string>, string, RegExp][] = [
    [["--user"], {}, user, /--user/],
    [["--prefix", "prefix"], {}, below(prefix), /--prefix/],
    [[], {}, user, /no environment is active/],
    [[], { VIRTUAL_ENV: active }, below(active), /active environment, VIRTUAL_ENV/],
    [[], { CONDA_PREFIX: active }, below(active), /active environment, CONDA_PREFIX/],
    [["--user"], { VIRTUAL_ENV: active }, user, /--user/],
  ];
  for (const [options, env, data, because] of cases) {
    for (const action of ["install", "uninstall"]) {
      const outside = { JUPYTER_DATA_DIR: user, ...env };
      const { status, stdout, stderr } = command(folder, ["kernel", action, ...options, "--json"], outside);
      assert.equal(status, 0, stderr);
      const said = JSON.parse(stdout);
      assert.equal(said.folder, join(data, "kernels", "logitpress"));
      assert.match(said.because, because);
      assert.equal(existsSync(join(said.folder, "kernel.json")), action === "install");
    }
  }
});

test("--sys-prefix is that of the Python named", () => {
  const prefix = join(folder, "sys");
  mkdirSync(prefix);
  const asked = { executable: "p", version: "3.12.0", prefix, environment: true, jupyter: true };
  const stand = join(prefix, "python");
  writeFileSync(stand, `#!/bin/sh\necho '${JSON.stringify(asked)}'\n`, { mode: 0o755 });
  for (const options of [
    ["--sys-prefix", "--python", stand],
    ["--python", stand],
  ]) {
    const { status, stdout, stderr } = command(folder, ["kernel", "install", ...options]);
    assert.equal(status, 0, stderr);
    assert.ok(stdout.startsWith(`kernel installed in ${join(prefix, "share", "jupyter", "kernels")}`));
    assert.equal(command(folder, ["kernel", "uninstall", ...options]).status, 0);
  }
});

test("two places at once, and a Python that isn't there, are refused in one line", () => {
  const two = command(folder, ["kernel", "install", "--user", "--prefix", "p"]);
  assert.equal(two.status, 2);
  assert.match(two.stderr, /^logitpress: invalid options: "--user --prefix"; expected one of .*\n$/);
  const none = command(folder, ["kernel", "install", "--sys-prefix", "--python", "no-python", "--json"]);
  assert.equal(none.status, 1);
  assert.match(none.stderr, /^logitpress: missing Python: "no-python"; .* Name one: --python PATH.*\n$/);
  assert.equal(JSON.parse(none.stdout).error.code, "missing-dependency");
});

test("Jupyter lists what was installed", () => {
  const prefix = join(folder, "listed");
  assert.equal(command(folder, ["kernel", "install", "--prefix", prefix]).status, 0);
  const env = { JUPYTER_PATH: join(prefix, "share", "jupyter") };
  const { status, stdout } = command(folder, ["kernel", "doctor", "--json", "--python", python], env);
  assert.equal(status, 0, stdout);
  const found = JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === "kernelspec");
  assert.ok(found.detail.startsWith(join(prefix, "share", "jupyter", "kernels", "logitpress")), found.detail);
  assert.match(found.detail, /, before /);
});
