import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
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
