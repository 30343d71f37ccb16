import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { command, newFolder, program } from "./command";

const folder: string = newFolder("streams");
after(() => rmSync(folder, { recursive: true, force: true }));
const posix = { skip: process.platform === "win32" };
let expected = "";

before(() => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) => `${20 + (i % 45)},${Number(i % 45 > 20 + (i % 3))}\n`).join("");
  writeFileSync(join(folder, "few.csv"), `age,y\n${rows(200)}`);
  writeFileSync(join(folder, "many.csv"), `age,y\n${rows(500_000)}`);
  const { status, stderr } = command(folder, ["fit", "few.csv", "--label", "y", "-o", "m.logit"]);
  assert.equal(status, 0, stderr);
  expected = command(folder, ["predict", "m.logit", "few.csv"]).stdout;
  assert.equal(expected.split("\n").length, 202);
});

function start(args: readonly string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder });
  let text = "";
  child.stderr.on("data", (part) => {
    text += part;
  });
  return { child, said: () => text };
}

test("a reader that has had enough ends the command without a word", posix, async () => {
  const { child, said } = start(["predict", "m.logit", "many.csv"]);
  await once(child.stdout!, "data");
  child.stdout!.destroy();
  const [code] = await once(child, "close");
  assert.deepEqual([code, said()], [141, ""]);
});

test("a full disk behind standard output is one line", { skip: process.platform !== "linux" }, () => {
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [program, "predict", "m.logit", "few.csv"], {
    cwd: folder,
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  closeSync(full);
  assert.equal(status, 1);
  assert.match(stderr, /^logitpress: failed writing to standard output: .*ENOSPC.*\n$/);
});

test("a link stays a link to the file that is written", posix, () => {
  writeFileSync(join(folder, "old.csv"), "old");
  symlinkSync("old.csv", join(folder, "link.csv"));
  assert.equal(command(folder, ["predict", "m.logit", "few.csv", "-o", "link.csv"]).status, 0);
  assert.ok(lstatSync(join(folder, "link.csv")).isSymbolicLink());
  assert.equal(readFileSync(join(folder, "old.csv"), "utf8"), expected);
});

test("pipes and devices are written to, and stay what they are", posix, async () => {
  const pipe = join(folder, "pipe");
  assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
  const reader = spawn("cat", [pipe]);
  let read = "";
  reader.stdout.on("data", (part) => {
    read += part;
  });
  const { child } = start(["predict", "m.logit", "few.csv", "-o", "pipe"]);
  const [[code]] = await Promise.all([once(child, "close"), once(reader, "close")]);
  assert.deepEqual([code, read], [0, expected]);
  assert.ok(lstatSync(pipe).isFIFO());
});

test("standard output can be named as a file", { skip: process.platform !== "linux" }, () => {
  // Below /proc, where a test that fails takes nothing away; /dev/stdout is a link to it.
  const args = [program, "predict", "m.logit", "few.csv", "-o", "/proc/self/fd/1"];
  const { stdout } = spawnSync("sh", ["-c", '"$0" "$@" | cat', process.execPath, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(stdout, expected);
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  test(`${signal} in the middle leaves neither the file nor a temporary one`, posix, async () => {
    const { child, said } = start(["predict", "m.logit", "many.csv", "-o", "cut.csv"]);
    const parts = () => readdirSync(folder).filter((name) => name.startsWith("cut.csv"));
    while (parts().length === 0 && child.exitCode === null) await new Promise((next) => setTimeout(next, 5));
    assert.deepEqual(
      parts().filter((name) => name.endsWith(".tmp")),
      parts(),
      "the command was faster than the test",
    );
    child.kill(signal);
    const [status] = await once(child, "close");
    assert.deepEqual([status, said(), parts()], [code, "logitpress: interrupted\n", []]);
  });
}
