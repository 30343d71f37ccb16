import assert from "node:assert/strict";
import { execFileSync, execSync, spawn, spawnSync } from "node:child_process";
import { after, beforeEach, test } from "node:test";
import { captureChildren } from "../../../src/notebook/kernel/cell/child-stdio";

// Where there are no sockets, as on Windows.
const waits: boolean[] = [];
captureChildren({
  files: () => undefined,
  ended: () => assert.fail("only what goes through files is drained"),
  waiting: (begins) => waits.push(begins),
});

const written = { stdout: "", stderr: "" };
const originals = { stdout: process.stdout.write, stderr: process.stderr.write };
after(() => {
  for (const name of ["stdout", "stderr"] as const) process[name].write = originals[name];
});
beforeEach(() => {
  Object.assign(written, { stdout: "", stderr: "" });
  waits.length = 0;
});

function capture(...names: ("stdout" | "stderr")[]): void {
  for (const name of names) {
    process[name].write = ((text: string | Uint8Array) => {
      written[name] += Buffer.from(text as Uint8Array).toString();
      return true;
    }) as typeof process.stdout.write;
  }
}

function restore(): void {
  for (const name of ["stdout", "stderr"] as const) process[name].write = originals[name];
}

const script = "console.log('out'); console.error('err')";

test("children that are waited for are printed at their end", () => {
  capture("stdout", "stderr");
  try {
    const result = spawnSync(process.execPath, ["-e", script], { stdio: "inherit" });
    assert.deepEqual([result.status, result.stdout, result.stderr], [0, null, null]);
    execFileSync(process.execPath, ["-e", script], { stdio: ["ignore", 1, 2] });
    assert.throws(() =>
      execSync(`"${process.execPath}" -e "console.log('out'); process.exit(2)"`, { stdio: "inherit" }),
    );
  } finally {
    restore();
  }
  assert.deepEqual(written, { stdout: "out\nout\nout\n", stderr: "err\nerr\n" });
  assert.deepEqual(waits, [true, false, true, false, true, false]);
});

// Standard output is the test runner's as soon as a test awaits.
test("children that run beside are printed through pipes", async () => {
  capture("stderr");
  try {
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", process.stderr, "inherit"] });
    assert.deepEqual([child.stdout, child.stderr], [null, null]);
    await new Promise((resolve) => child.on("close", resolve));
  } finally {
    restore();
  }
  assert.deepEqual(written.stderr.split("\n").sort(), ["", "err", "out"]);
});

test("what is not inherited is left alone", () => {
  assert.equal(execFileSync(process.execPath, ["-e", script], { stdio: "pipe" }).toString(), "out\n");
});
