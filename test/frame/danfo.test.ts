import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { danfo } from "../../src/frame/danfo";
import { load } from "../../src/frame/dependency";

const dfd = danfo();
const frame = () => new dfd.DataFrame({ a: [1, 2, 3, 6], b: [4, 5, 9, 6], c: ["x", "y", "x", "y"] });

test("loading and first tensors print nothing", () => {
  const code = 'const d = require("danfojs-node"); new d.DataFrame([[1, 2]]).add(1);';
  assert.equal(execFileSync(process.execPath, ["-e", `${code}`], { encoding: "utf8", stdio: "pipe" }), "");
  const quiet = `console.warn = console.error = (m) => { throw new Error(m); }; ${code}`;
  execFileSync(process.execPath, ["-e", quiet], { stdio: "pipe" });
});

test("scalers work there and back", () => {
  const numbers = frame().loc({ columns: ["a", "b"] });
  for (const scaler of [new dfd.StandardScaler(), new dfd.MinMaxScaler()]) {
    scaler.fit(numbers);
    const scaled = scaler.transform(numbers);
    const back = scaler.inverseTransform(scaled).values.flat() as number[];
    const given = numbers.values.flat() as number[];
    assert.ok(back.every((x, k) => Math.abs(x - given[k]) < 1e-5));
  }
  const standard = new dfd.StandardScaler().fit(numbers).transform(numbers).column("a").values as number[];
  assert.ok(Math.abs(standard.reduce((s, x) => s + x, 0)) < 1e-5);
  const [low, high] = [Math.min, Math.max].map((f) =>
    f(...(new dfd.MinMaxScaler().fit(numbers).transform(numbers).column("b").values as number[])),
  );
  assert.deepEqual([low, high], [0, 1]);
});

test("arithmetic and comparison", () => {
  const numbers = frame().loc({ columns: ["a", "b"] });
  const first = (result: { values: unknown }) => (result.values as unknown[][])[0];
  assert.deepEqual(first(numbers.add(1)), [2, 5]);
  assert.deepEqual(first(numbers.sub(1)), [0, 3]);
  assert.deepEqual(first(numbers.mul([2, 3])), [2, 12]);
  assert.deepEqual(first(numbers.div(2)), [0.5, 2]);
  assert.deepEqual(first(numbers.pow(2)), [1, 16]);
  assert.deepEqual(first(numbers.mod(3)), [1, 1]);
  assert.deepEqual(first(numbers.gt(2)), [false, true]);
  assert.deepEqual(first(numbers.le(1)), [true, false]);
  assert.deepEqual(first(numbers.eq(4)), [false, true]);
  assert.equal(frame().column("a").argMax(), 3);
  assert.equal(frame().column("a").argMin(), 0);
});

test("describe, sort, group, apply, merge, sample", async () => {
  assert.equal((frame().describe().at("mean", "a") as number) - 3, 0);
  assert.deepEqual(frame().sortValues("b", { ascending: false }).column("b").values, [9, 6, 5, 4]);
  const sums = frame().groupby(["c"]).col(["a"]).sum();
  assert.deepEqual(sums.values, [
    ["x", 4],
    ["y", 8],
  ]);
  const doubled = frame()
    .column("a")
    .apply((x: unknown) => (x as number) * 2);
  assert.deepEqual((doubled as { values: unknown }).values, [2, 4, 6, 12]);
  const right = new dfd.DataFrame({ c: ["x", "y"], d: [10, 20] });
  const merged = dfd.merge({ left: frame(), right, on: ["c"], how: "inner" });
  assert.equal(merged.shape[0], 4);
  assert.equal((await frame().sample(2)).shape[0], 2);
});

test("dummies and labels", () => {
  const dummies = dfd.getDummies(frame(), { columns: ["c"] });
  assert.deepEqual(dummies.columns, ["a", "b", "c_x", "c_y"]);
  const encoder = new dfd.LabelEncoder().fit(frame().column("c"));
  assert.deepEqual(encoder.transform(["x", "y", "x"]), [0, 1, 0]);
});

test("files of danfo's own readers and writers", async () => {
  const folder = mkdtempSync(join(tmpdir(), "logitpress-danfo-"));
  try {
    const path = join(folder, "t.csv");
    dfd.toCSV(frame(), { filePath: path });
    const back = (await dfd.readCSV(path)) as ReturnType<typeof frame>;
    assert.deepEqual(back.values, frame().values);
    const json = join(folder, "t.json");
    writeFileSync(json, '[{"a":1,"b":"x"},{"a":2,"b":"y"}]');
    assert.deepEqual(((await dfd.readJSON(json)) as ReturnType<typeof frame>).shape, [2, 2]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a package that is not there is named with its remedy", () => {
  const name = "logitpress-has-no-such-package";
  assert.throws(
    () => load(name, () => require(name)),
    (error) =>
      error instanceof LogitpressError &&
      error.code === "missing-dependency" &&
      error.message.includes(`npm install ${name}`),
  );
});
