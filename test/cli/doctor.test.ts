import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { installKernel } from "../../src/notebook/kernelspec/install";
import { python } from "../python";
import { command, newFolder } from "./command";

interface Check {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly remedy?: string;
  readonly seconds: number;
}

const folder: string = newFolder("doctor");
after(() => rmSync(folder, { recursive: true, force: true }));

function examine(env: Record<string, string | undefined>, ...options: string[]) {
  const { status, stdout, stderr } = command(folder, ["kernel", "doctor", "--json", ...options], env);
  assert.equal(stderr, "");
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  assert.equal(ok, status === 0);
  for (const check of checks) {
    assert.ok(["ok", "warn", "fail", "skip"].includes(check.status));
    if (check.status === "fail" || check.status === "warn") assert.ok(check.remedy, JSON.stringify(check));
  }
  const of = (name: string) => checks.find((check) => check.name === name) ?? assert.fail(`no check ${name}`);
  return { status, checks, of };
}

/** A data folder whose kernel.json was changed, before all others that Jupyter looks at. */
async function changed(change: (spec: { argv: string[] }) => void): Promise<Record<string, string>> {
  const prefix = mkdtempSync(join(folder, "prefix-"));
  const installed = await installKernel({ prefix });
  const file = join(installed.folder, "kernel.json");
  const spec = JSON.parse(readFileSync(file, "utf8"));
  change(spec);
  writeFileSync(file, JSON.stringify(spec));
  return { JUPYTER_PATH: join(prefix, "share", "jupyter") };
}

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

test("a whole installation passes, the kernel was started, and no key is shown", () => {
  const { status, checks, of } = examine({});
  assert.equal(status, 0);
  assert.deepEqual(
    checks.map(({ name }) => name),
    [
      ...["Node", "platform", "zeromq", "tslab", "compiled files", "start-up snapshot", "Python"],
      ...["jupyter_client", "jupyter_server", "jupyterlab", "nbclient", "nbconvert"],
      ...["Jupyter's paths", "kernelspec", "VS Code", "chart extension", "loopback"],
      ...["kernel starts", "1 + 1", "a type error", "kernel stops"],
    ],
  );
  assert.equal(of("1 + 1").detail, "2");
  assert.match(of("a type error").detail, /TS2322/);
  assert.ok(of("kernel starts").seconds > 0);
  assert.doesNotMatch(JSON.stringify(checks), /key|[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{32}/);
});

test("in text each check is a line, and a warning says its remedy in the next", () => {
  const { status, stdout } = command(folder, ["kernel", "doctor"]);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^ok {4}1 \+ 1: 2 \(\d+\.\d{3} s\)$/m);
  for (const line of stdout.trimEnd().split("\n")) assert.match(line, /^(ok|warn|fail|skip) |^ {6}remedy: /);
});

test("without Python", () => {
  const { status, of } = examine({ PATH: folder, LOGITPRESS_PYTHON: undefined });
  assert.equal(status, 1);
  assert.equal(of("Python").status, "fail");
  assert.match(of("Python").remedy!, /--python PATH/);
  assert.equal(of("kernel starts").status, "skip");
});

test("a Python without packages: the missing one is named with the command that installs it", () => {
  const bare = script("bare-python", `exec "${python}" -S "$@"`);
  const { status, of } = examine({}, "--python", bare);
  assert.equal(status, 1);
  assert.match(of("jupyter_client").remedy!, /-m pip install jupyter_client\. .*--python PATH/);
  assert.equal(of("nbconvert").status, "warn");
  assert.match(of("nbconvert").detail, /logitpress run --html/);
});

test("without a kernelspec", () => {
  const site = join(folder, "site");
  mkdirSync(site);
  // Jupyter looks below the prefix, which is another from here on.
  writeFileSync(join(site, "sitecustomize.py"), `import sys\nsys.prefix = ${JSON.stringify(site)}\n`);
  const { status, of } = examine({ PYTHONPATH: site });
  assert.equal(status, 1);
  assert.match(of("kernelspec").detail, /^no kernelspec logitpress in /);
  assert.equal(of("kernelspec").remedy, `logitpress kernel install --prefix ${site}`);
  assert.equal(of("chart extension").status, "fail");
  assert.equal(of("kernel starts").status, "skip");
});

test("stale and broken kernelspecs are told apart, with the command that mends them", async () => {
  const foreign = join(folder, "other", "dist", "src", "notebook", "kernel");
  mkdirSync(foreign, { recursive: true });
  writeFileSync(join(foreign, "main.js"), "");
  const old = script("old-node", "echo v18.20.1");
  const cases: [(spec: { argv: string[] }) => void, RegExp][] = [
    [(spec) => (spec.argv[0] = "/gone/node"), /Node is not at \/gone\/node any more/],
    [(spec) => (spec.argv[0] = old), /no recent Node: v18\.20\.1/],
    [
      (spec) => (spec.argv[spec.argv.length - 2] = "/gone/main.js"),
      /the kernel is not at \/gone\/main\.js any more/,
    ],
    [(spec) => (spec.argv[spec.argv.length - 2] = join(foreign, "main.js")), /that of another logitpress/],
    [(spec) => (spec.argv = ["node", "x", "y"]), /lacks \{connection_file\}/],
    [(spec) => (spec.argv = []), /argv is no command/],
  ];
  for (const [change, said] of cases) {
    const env = await changed(change);
    const { status, of } = examine(env);
    assert.equal(status, 1);
    assert.match(of("kernelspec").detail, said);
    const prefix = env.JUPYTER_PATH.slice(0, -"/share/jupyter".length);
    assert.equal(of("kernelspec").remedy, `logitpress kernel install --prefix ${prefix}`);
    assert.equal(of("kernel starts").status, "skip");
  }
});

test("a kernel that dies at its start is told with its words, less the key of its connection", async () => {
  const spy = join(folder, "spy.cjs");
  writeFileSync(
    spy,
    `const { key } = JSON.parse(require("node:fs").readFileSync(process.argv.at(-1)));
    console.error("key: " + key + " end");
    process.exit(3);`,
  );
  const env = await changed(({ argv }) => argv.splice(1, 0, "--require", spy));
  const { status, of } = examine(env);
  assert.equal(status, 1);
  assert.match(of("kernel starts").detail, /it said: key: \(key\) end/);
  assert.match(of("kernel starts").remedy!, /jupyter console/);
});

test("a missing or disabled chart extension", async () => {
  const { JUPYTER_PATH: data } = await changed(() => undefined);
  rmSync(join(data, "labextensions", "logitpress", "static", "plotly.min.js"));
  const { status, of } = examine({ JUPYTER_PATH: data });
  assert.equal(status, 1);
  assert.match(of("chart extension").detail, /not whole in /);
  const config = join(folder, "config");
  mkdirSync(join(config, "labconfig"), { recursive: true });
  const page = JSON.stringify({ disabledExtensions: { logitpress: true } });
  writeFileSync(join(config, "labconfig", "page_config.json"), page);
  const disabled = examine({ JUPYTER_CONFIG_DIR: config });
  assert.equal(disabled.status, 0);
  assert.equal(disabled.of("chart extension").status, "warn");
  assert.match(disabled.of("chart extension").remedy!, /labextension enable logitpress/);
});

test("in VS Code it is listed where the user's folder has it", async () => {
  assert.match(examine({}).of("VS Code").remedy!, /kernel install --user/);
  const data = join(folder, "user");
  await installKernel({ data });
  assert.ok(existsSync(join(data, "kernels")));
  assert.equal(examine({ JUPYTER_DATA_DIR: data }).of("VS Code").status, "ok");
});
