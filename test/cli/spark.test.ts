import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ClusterPlace } from "../../src/cli/spark/place";
import { end, isOurs, launch, markOf } from "../../src/cli/spark/processes";
import { checkJava } from "../../src/cli/spark/software";
import { root } from "../python";

const folder = mkdtempSync(join(tmpdir(), "spark-command-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function command(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { code: number; out: string; said: string } {
  const main = join(root, "dist/src/cli/main.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, "spark", ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status ?? -1, out: stdout, said: stderr };
}

test("what is asked wrongly is refused in one line", () => {
  for (const [args, pattern] of [
    [[], /missing action/],
    [["sideways"], /"sideways"; expected up, down or status/],
    [["up", "down"], /none after the action/],
    [["up", "--executors", "none"], /--executors: "none"; expected a number/],
    [["up", "--memory", "10"], /--memory/],
  ] as const) {
    const { code, said } = command([...args, ...(args.length > 0 ? ["--folder", folder] : [])]);
    assert.equal(code, 2, said);
    assert.match(said, pattern);
    assert.equal(said.trim().split("\n").length, 1);
  }
});

test("without a cluster there is nothing to stop", () => {
  const at = ["--folder", folder, "--json"];
  assert.deepEqual(JSON.parse(command(["down", ...at]).out), { action: "down", ended: 0 });
  assert.equal(JSON.parse(command(["status", ...at]).out).running, false);
  writeFileSync(join(folder, "cluster.json"), "{");
  assert.match(command(["status", ...at]).out, /"corrupt-file"/);
  rmSync(join(folder, "cluster.json"));
});

test("a Java that is missing or too old is told with its remedy", () => {
  const nowhere = { PATH: folder };
  assert.throws(() => checkJava(nowhere), { code: "missing-dependency", message: /openjdk-17/ });
  const old = join(folder, "java");
  writeFileSync(old, "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", { mode: 0o755 });
  assert.throws(() => checkJava(nowhere), { code: "missing-dependency", message: /version 11/ });
  writeFileSync(old, "#!/bin/sh\necho 'openjdk version \"21.0.2\"' >&2\n", { mode: 0o755 });
  checkJava(nowhere);
});

test("a Python without pyspark is told with its remedy, and nothing is started", () => {
  const { code, said } = command(
    ["up", "--folder", folder, "--python", process.env.LOGITPRESS_PYTHON ?? "python3"],
    {
      PATH: `${folder}:${process.env.PATH}`,
      JAVA_HOME: "",
    },
  );
  assert.equal(code, 1);
  assert.match(said, /missing Spark.*pip install pyspark/);
  assert.equal(JSON.parse(command(["status", "--folder", folder, "--json"]).out).running, false);
});

test("only processes with the mark of the place are ended, by force where they do not heed", async () => {
  const place = new ClusterPlace(folder);
  place.make();
  const loop = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
  const env = { ...process.env };
  const ours = launch(place, "ours", process.execPath, ["-e", loop, "--", markOf(place)], env);
  const other = launch(place, "other", process.execPath, ["-e", "setInterval(() => {}, 1000)"], env);
  try {
    assert.ok(isOurs(place, ours) && !isOurs(place, other));
    assert.deepEqual(await end(place, [ours, other, 2 ** 30]), [ours]);
    assert.ok(!isOurs(place, ours));
    assert.ok(process.kill(other, 0));
  } finally {
    process.kill(other, "SIGKILL");
  }
});
