import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { python, root } from "../python";
import { command, newFolder } from "./command";

const folder: string = newFolder("package");
const project: string = join(folder, "study");
const program: string = join(project, "node_modules/logitpress/dist/src/cli/main.js");
after(() => rmSync(folder, { recursive: true, force: true }));

function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): SpawnSyncReturns<string> {
  const { VIRTUAL_ENV: _, CONDA_PREFIX: __, ...outside } = process.env;
  const shell = process.platform === "win32";
  return spawnSync(file, args, {
    cwd: existsSync(project) ? project : folder,
    encoding: "utf8",
    shell,
    env: { ...outside, LOGITPRESS_PYTHON: python, ...env },
  });
}

interface Cell {
  readonly status: string;
  readonly text: string;
  readonly data: Readonly<Record<string, string>>;
  readonly error: string;
}

/** The program of deno, which `npm test` installs. */
function denoProgram(): string {
  const packages = join(root, ".deno/node_modules/@deno");
  return join(packages, readdirSync(packages)[0], process.platform === "win32" ? "deno.exe" : "deno");
}

function denoEnvironment(): Record<string, string | undefined> {
  return { ...process.env, DENO_DIR: join(folder, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
}

function deno(args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(denoProgram(), args, { cwd: project, encoding: "utf8", env: denoEnvironment() });
}

/** What npm says of the package: sizes in bytes. */
let published: { readonly size: number; readonly files: readonly { readonly path: string }[] };

/** A project as `logitpress new` makes it, with the package as it would be published. */
before(() => {
  const packed = run("npm", ["pack", root, "--ignore-scripts", "--json", "--pack-destination", folder]);
  assert.equal(packed.status, 0, packed.stderr);
  published = JSON.parse(packed.stdout)[0];
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  assert.equal(command(folder, ["new", "study"]).status, 0);
  const path = join(project, "package.json");
  const description = JSON.parse(readFileSync(path, "utf8"));
  description.dependencies.logitpress = `file:../${tarball}`;
  writeFileSync(path, JSON.stringify(description));
  const { status, stderr } = run("npm", ["install", "--no-audit", "--no-fund"]);
  assert.equal(status, 0, stderr);
});

test("the published package is under 3 MB, and holds neither tests nor data of the tutorials", () => {
  assert.ok(published.size < 3e6, `${published.size} bytes`);
  const others = published.files.filter(({ path }) => /^dist\/test|^test|^notebooks|node_modules/.test(path));
  assert.deepEqual(others, []);
});

const use = `
const data = Dataset.from({ features: [[1], [2], [3], [4]], labels: ["a", "a", "b", "b"] });
new LogisticRegression({ lambda: 0.1 }).fit(data).then((model) => console.log(model.predict(data.features).join("")));
`;

test("the published package is used from CommonJS and from an ES module", () => {
  writeFileSync(
    join(project, "a.cjs"),
    `const { Dataset, LogisticRegression } = require("logitpress");${use}`,
  );
  writeFileSync(join(project, "a.mjs"), `import { Dataset, LogisticRegression } from "logitpress";${use}`);
  for (const file of ["a.cjs", "a.mjs"]) {
    const { stdout, stderr } = run(process.execPath, [file]);
    assert.equal(stdout, "aabb\n", stderr);
  }
});

test("with --enable-source-maps its stacks lead to the sources in it", () => {
  const code = `try { require("logitpress").unpack(1) } catch (error) { console.log(error.stack) }`;
  const { stdout, stderr } = run(process.execPath, ["--enable-source-maps", "-e", code]);
  const frame = /unpack \(.*logitpress[\\/](src[\\/]pack[\\/]\w+\.ts):(\d+)/.exec(stdout);
  assert.ok(frame, stdout + stderr);
  const source = readFileSync(join(project, "node_modules/logitpress", frame[1]), "utf8").split("\n");
  assert.match(source[Number(frame[2]) - 1], /checkBytes\(/);
});

test("its types resolve under node10, node16 and bundler", () => {
  const source = `import { Dataset, LogisticRegression, type LinearModel } from "logitpress";
const data = Dataset.from({ features: [[1], [2]], labels: ["a", "b"] });
export const fitted: Promise<LinearModel> = new LogisticRegression({ lambda: 0.1 }).fit(data);
// @ts-expect-error an option that is not there
new LogisticRegression({ strength: 1 });
`;
  writeFileSync(join(project, "typed.ts"), source);
  const compiler = join(root, "node_modules/@tslab/typescript-for-tslab/lib/tsc.js");
  const modules = { node10: "commonjs", node16: "node16", bundler: "es2022" };
  for (const [resolution, module] of Object.entries(modules)) {
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"];
    const args = [compiler, ...options, "--module", module, "--moduleResolution", resolution, "typed.ts"];
    const { status, stdout } = run(process.execPath, args);
    assert.equal(status, 0, `${resolution}: ${stdout}`);
  }
});

test("it is used from deno, its types checked, and what it exports runs there without a permission", () => {
  const source = `import { writeFileSync } from "node:fs";
import { Dataset, LogisticRegression, load, pack, save, toJavaScript, unpack } from "npm:logitpress";
const data = Dataset.from({ features: [[1], [2], [3], [4]], labels: ["a", "a", "b", "b"] });
const model = await new LogisticRegression({ lambda: 0.1, penalty: "l1", threads: 2 }).fit(data);
await save(model, "deno.logit");
const again: string[] = [unpack(pack(model)), await load("deno.logit")].map((m) => m.predict(data.features).join(""));
writeFileSync("deno.mjs", toJavaScript(model, { examples: data.features }).files[0].content as string);
console.log(...again);
`;
  writeFileSync(join(project, "deno.ts"), source);
  const fitted = deno(["run", "--check", "--allow-all", "deno.ts"]);
  assert.equal(fitted.stdout, "aabb aabb\n", fitted.stderr);
  const edge = `import predict from "./deno.mjs";
predict.selfTest();
console.log([1, 2, 3, 4].map((x) => predict([x]).label).join(""));
`;
  writeFileSync(join(project, "edge.mjs"), edge);
  const { stdout, stderr } = deno(["run", "--no-prompt", "edge.mjs"]);
  assert.equal(stdout, "aabb\n", stderr);
});

test("it is used from a deno notebook, where results show themselves", () => {
  const cells = [
    `import { Dataset, evaluate, LogisticRegression, pack, prune, quantize, weightsChart } from "npm:logitpress";
const data = Dataset.from({ features: [[1], [2], [3], [4]], labels: ["a", "a", "b", "b"] });
const model = await new LogisticRegression({ lambda: 0.1 }).fit(data);
console.log(model.predict(data.features).join(""));`,
    "model",
    "const small = await quantize(await prune(model, { keep: 1 }), { bits: 4 });\nconsole.log(pack(small).length)",
    "await evaluate(small, data)",
    "weightsChart(model)",
    "new LogisticRegression({ strength: 1 })",
  ];
  const ran = spawnSync(python, [join(root, "test/cli/deno_cells.py"), denoProgram(), project], {
    input: JSON.stringify(cells),
    encoding: "utf8",
    env: denoEnvironment(),
  });
  assert.equal(ran.status, 0, ran.stderr);
  const done: readonly Cell[] = JSON.parse(ran.stdout);
  assert.deepEqual(
    done.map(({ status }) => status),
    ["ok", "ok", "ok", "ok", "ok", "error"],
    ran.stdout,
  );
  const [fitted, model, packed, judged, chart, refused] = done;
  assert.equal(fitted.text, "aabb\n");
  assert.match(model.data["text/html"], /Model, trained/);
  assert.ok(Number(packed.text) > 0 && Number(packed.text) < 20, packed.text);
  assert.match(judged.data["text/plain"], /accuracy +100\.00 %/);
  assert.ok("application/vnd.plotly.v1+json" in chart.data);
  assert.match(refused.error, /unknown option.*strength/);
});

test("the new project's notebook runs as it is, by its own kernel", () => {
  const prefix = join(folder, "prefix");
  mkdirSync(prefix);
  const installed = run(process.execPath, [program, "kernel", "install", "--prefix", prefix, "--json"]);
  assert.equal(installed.status, 0, installed.stderr);
  assert.match(readFileSync(join(JSON.parse(installed.stdout).folder, "kernel.json"), "utf8"), /study/);
  const env = { JUPYTER_PATH: join(prefix, "share", "jupyter") };
  const { status, stderr } = run(
    process.execPath,
    [program, "run", "start.ipynb", "--html", "start.html"],
    env,
  );
  assert.equal(status, 0, stderr);
  const page = readFileSync(join(project, "start.html"), "utf8");
  assert.match(page, /packed/);
  const size = readFileSync(join(project, "model.logit")).length;
  assert.ok(size < 80, `${size} bytes`);
});

test("a folder that holds something is left alone", () => {
  const { status, stderr } = command(folder, ["new", "study"]);
  assert.equal(status, 2);
  assert.match(stderr, /^logitpress: invalid folder: .*empty folder; this one holds .*\n$/);
  writeFileSync(join(folder, "file"), "");
  assert.equal(command(folder, ["new", "file"]).status, 2);
  assert.equal(command(folder, ["new", "file/sub"]).status, 2);
  assert.equal(command(folder, ["new", ""]).status, 2);
  assert.ok(!existsSync(join(folder, ".study.tmp")));
});
