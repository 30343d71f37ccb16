import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { evaluate } from "../../src/evaluate/evaluate";
import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { python, root } from "../python";
import { modelOf, normals, randomData } from "./models";

const cases: readonly [LinearModel, Dataset][] = [
  [modelOf(["ham", "spam"], "binary", normals(5, 1), [0.2]), randomData(["ham", "spam"], 300, 2)],
  [modelOf([1, 2, 3], "softmax", normals(15, 3), [0.1, 0, -0.1]), randomData([1, 2, 3], 300, 4)],
  [modelOf([1, 2, 3, 4], "ovr", normals(20, 5), [0, 0, 1, -1]), randomData([1, 2, 3, 4], 300, 6)],
];

test("metrics are those of scikit-learn, with ties and row weights", () => {
  const asked = cases.map(([model, data]) => {
    const { values, columns } = model.predictProba(data.features);
    return {
      truth: Array.from(data.labels),
      probabilities: Array.from({ length: data.rows }, (_, i) =>
        Array.from(values.subarray(i * columns, (i + 1) * columns)),
      ),
      weights: Array.from(data.weights ?? []),
    };
  });
  const run = spawnSync(python, [join(root, "test", "evaluate", "reference.py")], {
    input: JSON.stringify(asked),
    encoding: "utf8",
  });
  assert.equal(run.status, 0, run.stderr ?? String(run.error));
  const theirs = JSON.parse(run.stdout) as Record<string, number>[];
  cases.forEach(([model, data], at) => {
    const ours = evaluate(model, data, { latencyRows: 0 }) as unknown as Record<string, number>;
    for (const [name, value] of Object.entries(theirs[at])) {
      assert.ok(Math.abs(ours[name] - value) < 1e-12, `${name} of case ${at}: ${ours[name]}, ${value}`);
    }
  });
});
