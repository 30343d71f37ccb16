import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { python, root } from "../python";
import { command, newFolder, writeNotebook } from "./command";

const folder: string = newFolder("cli");
after(() => rmSync(folder, { recursive: true, force: true }));

test("nbconvert stops with an error at a cell that fails", () => {
  const path = writeNotebook(folder, "stops.ipynb", ["const x: number = 'text'", "1"]);
  const args = ["-m", "nbconvert", "--to", "html", "--execute", path];
  const { status, stderr } = spawnSync(python, args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /TS2322/);
  assert.ok(!existsSync(join(folder, "stops.html")));
});

test("mistakes are one line with the remedy", () => {
  const path = writeNotebook(folder, "fine.ipynb", ["1"]);
  const cases: [string[], number, RegExp][] = [
    [["run", "no.ipynb"], 1, /^logitpress: invalid notebook: "no\.ipynb"; expected a file that exists\.\n$/],
    [["run"], 2, /^logitpress: invalid notebooks: ""; expected exactly one path\.\n$/],
    [
      ["run", "--fast", path],
      2,
      /^logitpress: unknown option: "--fast"; expected one of --html, .*--help.*\n$/,
    ],
    [["run", path, "--outptu", "x"], 2, /^logitpress: unknown option: "--outptu"; expected --output\. .*\n$/],
    [
      ["run", path, "--output"],
      2,
      /^logitpress: invalid option: "--output"; expected a value after it, .*\n$/,
    ],
    [["run", path, "--json=1"], 2, /^logitpress: invalid option: "--json"; expected no value after it\.\n$/],
    [
      ["fit", "mails.csv", "--lamda", "1"],
      2,
      /^logitpress: unknown option: "--lamda"; expected --lambda\. .*\n$/,
    ],
    [
      ["compress", "m.logit", "-o", "s"],
      2,
      /^logitpress: missing budget; expected at least one of --max-bytes, .*--max-flips\. Say .*\n$/,
    ],
    [
      ["evaluate", path, "m.csv"],
      1,
      /^logitpress: invalid file .*fine\.ipynb: .*; expected a model file.*\n$/,
    ],
    [["run", path, "-p", "x"], 2, /^logitpress: invalid --param: "x"; expected name=value\.\n$/],
    [["run", path, "--python", "none"], 1, /^logitpress: missing Python: "none"; .*\n$/],
    [["kernel", "install", "--everywhere"], 2, /^logitpress: unknown option: "--everywhere"; .*\n$/],
    [["kernel", "install", "twice"], 2, /^logitpress: invalid arguments: "twice"; .*\n$/],
    [["kernel"], 2, /^logitpress: missing action; expected install, uninstall or doctor\.\n$/],
    [
      ["kernel", "paint"],
      2,
      /^logitpress: invalid action: "paint"; expected install, uninstall or doctor\.\n$/,
    ],
    [
      ["kernel", "doctor", "--user"],
      2,
      /^logitpress: unknown option of kernel doctor: "user"; expected one of python, json\.\n$/,
    ],
    [["fitt"], 2, /^logitpress: unknown command: fitt; expected fit\n$/],
    [["sculpt"], 2, /^logitpress: unknown command: sculpt; expected one of kernel, run, .*\n$/],
    [["--fly"], 2, /^logitpress: unknown option: --fly; expected one of kernel, run, .*\n$/],
  ];
  for (const [args, code, said] of cases) {
    const { status, stdout, stderr } = command(folder, args);
    assert.equal(status, code, args.join(" "));
    assert.match(stderr, said);
    assert.equal(stdout, "");
  }
  const unknown = command(folder, ["fitt", "--json"]);
  assert.equal(JSON.parse(unknown.stdout).error.message, "unknown command: fitt; expected fit");
  const { stdout } = command(folder, ["run", "--fast", "--json"]);
  assert.match(JSON.parse(stdout).error.message, /unknown option: "--fast"/);
});

test("help has an example of every command", () => {
  const commands = [...command(folder, ["--help"]).stdout.matchAll(/^ {2}(\w+) .* {3}/gm)].map(
    ([, name]) => name,
  );
  assert.equal(commands.length, 10);
  for (const name of commands) {
    const { status, stdout } = command(folder, [name, "--help"]);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^Usage: logitpress ${name} `));
    assert.match(stdout, new RegExp(`\\nExample: logitpress ${name} .*\\n$`));
  }
});

test("help names each value that an option takes", () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${Number(i % 7 > 2)}\n`).join("");
  writeFileSync(join(folder, "t.csv"), `x,y\n${rows}`);
  const fit = ["fit", "t.csv", "--label", "y", "-o", "t.logit"];
  const fitted = command(folder, fit);
  assert.equal(fitted.status, 0, fitted.stderr);
  const to = (format: string) => ["export", "t.logit", "--to", format, "-o", "out"];
  const compress = ["compress", "t.csv", "--label", "y", "--max-bytes", "900", "-o", "small.logit"];
  const options: readonly (readonly [readonly string[], string])[] = [
    ...["penalty", "multiclass", "class-weight", "solver", "missing"].map((name) => [fit, name] as const),
    ...["effort", "multiclass"].map((name) => [compress, name] as const),
    [["export", "t.logit", "-o", "out"], "to"],
    [to("c"), "arithmetic"],
    [to("onnx"), "weights"],
    [to("sql"), "dialect"],
  ];
  const helps = new Map<string, string>();
  for (const [args, option] of options) {
    const { status, stderr } = command(folder, [...args, `--${option}`, "none such"]);
    assert.equal(status, 2, `${args[0]} --${option}: ${stderr}`);
    const [, listed = ""] = /; expected (.*?)\.(?: |\n)/.exec(stderr) ?? [];
    const values = listed.match(listed.includes('"') ? /(?<=")[\w-]+(?=")/g : /(?<=one of .*)[\w-]+/g) ?? [];
    assert.ok(values.length > 0, stderr);
    const help = helps.get(args[0]) ?? command(folder, [args[0], "--help"]).stdout;
    helps.set(args[0], help);
    const [, taken = ""] = new RegExp(`--${option}\\b([^]*?)(?:\\n  -|\\n\\n)`).exec(help) ?? [];
    for (const value of values) {
      // A penalty on groups wants to be told the groups, which no option does.
      if (value === "group") continue;
      const named =
        option === "to" ? new RegExp(`--to ${value}\\b`) : new RegExp(`(?<![\\w-])${value}(?![\\w-])`);
      assert.match(option === "to" ? help : taken, named, `${args[0]} --${option} ${value}`);
    }
  }
});

test("help says what each command takes, and the version which this is", () => {
  for (const args of [
    ["--help"],
    ["-h"],
    ["run", "--help"],
    ["kernel", "-h"],
    ["kernel", "doctor", "--help"],
  ]) {
    const { status, stdout } = command(folder, args);
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: logitpress/);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 120, line);
  }
  const { version } = require(join(root, "package.json"));
  assert.equal(command(folder, ["--version"]).stdout, `${version}\n`);
  const none = command(folder, []);
  assert.deepEqual([none.status, none.stdout], [2, ""]);
});
