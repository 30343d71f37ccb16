import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../python";

const main: string = join(root, "src", "setup", "main.mjs");

/** What `npm start` says where `python3` is a program that prints `answer`, or is not there. */
function startWith(answer: string | undefined): { status: number | null; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), "logitpress-setup-"));
  if (answer !== undefined) {
    writeFileSync(join(folder, "python3"), `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(join(folder, "python3"), 0o755);
  }
  const env = { ...process.env, PATH: folder };
  const { status, stderr } = spawnSync(process.execPath, [main, "start"], { encoding: "utf8", env });
  rmSync(folder, { recursive: true });
  return { status, stderr };
}

test("a missing Python, an old one and one without venv are one line with the remedy", () => {
  const cases: [string | undefined, RegExp][] = [
    [undefined, /^logitpress: missing Python; expected 3\.10 or newer.* Install it .*\n$/],
    ["3.9.2 True", /^logitpress: Python 3\.9\.2 is too old; expected 3\.10 or newer\. Install .*\n$/],
    ["3.11.4 False", /^logitpress: Python 3\.11\.4 lacks the venv module; .* apt install python3-venv\.\n$/],
  ];
  for (const [answer, said] of cases) {
    const { status, stderr } = startWith(answer);
    assert.equal(status, 1);
    assert.match(stderr, said);
  }
});

test("an old Node is refused, a recent one is not", () => {
  const run = pathToFileURL(join(root, "src", "setup", "run.mjs"));
  const said = (version: string): string => {
    const code = `import { checkNode } from "${run}"; checkNode("${version}")`;
    return spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" }).stderr;
  };
  for (const version of ["18.20.1", "20.18.3"])
    assert.match(said(version), /is too old; expected 20\.19 or newer/);
  for (const version of ["20.19.0", "22.1.0", "24.0.0"]) assert.equal(said(version), "");
});

test("an unknown task names those there are", () => {
  const { status, stderr } = spawnSync(process.execPath, [main, "begin"], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.equal(stderr, "logitpress: unknown task: begin; expected start, lab, test, build, spark\n");
});
