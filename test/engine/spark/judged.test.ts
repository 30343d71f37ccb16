import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { duckdb } from "../../../src/engine/duckdb";
import type { PackedTable } from "../../../src/engine/packed-table";
import type { ClusterRows } from "../../../src/engine/spark/cluster-plan";
import { clusterJudged } from "../../../src/engine/spark/judged";
import { compareOn, evaluateOn } from "../../../src/engine/table-comparison";
import { crossValidateOn } from "../../../src/engine/table-cross-validate";
import type { CrossValidateOptions } from "../../../src/evaluate/cross-validate";
import { parseOptions } from "../../../src/train/options";
import { packedTwice } from "./packed-twice";

/** The same rows, in the same order, packed as a cluster has them and by DuckDB. */
interface Both {
  readonly ours: ClusterRows;
  readonly theirs: PackedTable;
}

async function made(classes: readonly string[]): Promise<Both> {
  const { encoder, table, local } = await packedTwice(`${classes.length}`, 2500, 4, classes);
  const theirs = await duckdb({}).encode(table, {}, encoder);
  assert.equal(theirs.distinctRows, local.rows, "rows were merged, and folds are others");
  return { ours: local, theirs };
}

let two: Both;
let three: Both;
before(async () => {
  two = await made(["no", "yes"]);
  three = await made(["no", "very", "yes"]);
});
after(() => {
  two.theirs.close();
  three.theirs.close();
});

function close(ours: unknown, theirs: unknown, most: number, at = ""): void {
  if (typeof theirs === "number" && typeof ours === "number" && !Number.isNaN(theirs)) {
    assert.ok(Math.abs(ours - theirs) <= most * Math.max(1, Math.abs(theirs)), `${at}: ${ours}, ${theirs}`);
  } else if (typeof theirs === "object" && theirs !== null) {
    for (const [key, value] of Object.entries(theirs)) {
      close((ours as Record<string, unknown>)[key], value, most, `${at}.${key}`);
    }
  } else assert.deepEqual(ours, theirs, at);
}

test("models are judged by the rows of a cluster as by those on disk, alone and against each other", async () => {
  for (const { ours, theirs } of [two, three]) {
    const strong = await theirs.fit(parseOptions({ lambda: 1 }));
    const weak = await theirs.fit(parseOptions({ lambda: 1e-3 }));
    const ovr = await theirs.fit(parseOptions({ lambda: 1e-3, multiclass: "ovr", penalty: "l1" }));
    const table = clusterJudged(ours);
    const alone = await evaluateOn(table, weak, {});
    close(alone, await theirs.evaluate(weak), 1e-12);
    const models = { weak, strong, ovr };
    const compared = await compareOn(table, models, {});
    close(compared, await theirs.compare(models), 1e-9);
    assert.ok(compared.row("strong").difference!.logLoss > 0);
  }
  await assert.rejects(compareOn(clusterJudged(two.ours), {}, {}), { code: "missing-option" });
  const other = await three.theirs.fit(parseOptions({}));
  await assert.rejects(evaluateOn(clusterJudged(two.ours), other, {}), { code: "invalid-model" });
});

test("a cross-validation on a cluster has the folds, the scores and the choice of the one on disk", async () => {
  const own = { tolerance: 1e-9, maxIterations: 300, folds: 3, seed: 5 } as const;
  const cases: readonly (CrossValidateOptions & { readonly several?: boolean })[] = [
    { lambdas: [0.3, 0.03, 3e-3] },
    { lambdas: [0.3, 0.03, 3e-3], metric: "auc", choice: "oneStandardError", classWeight: "balanced" },
    { penalty: "l1", lambdas: 6, lambdaRatio: 0.05, metric: "accuracy" },
    { penalty: "elasticnet", l1Ratio: [0.2, 0.8], lambdas: [0.05, 5e-3], metric: "brier" },
    { lambdas: [0.1, 1e-2], several: true },
    { lambdas: [0.1, 1e-2], multiclass: "ovr", several: true, metric: "f1" },
    { penalty: "l1", lambdas: [0.05, 5e-3], several: true },
  ];
  for (const { several, ...options } of cases) {
    const { ours, theirs } = several ? three : two;
    const all = { ...own, ...options };
    const found = await crossValidateOn(clusterJudged(ours), all, {});
    const known = await theirs.crossValidate(all);
    const named = JSON.stringify(options);
    close(found.points, known.points, 1e-4, named);
    close(found.chosen, known.chosen, 1e-4, named);
    close([...found.model.weights], [...known.model.weights], 2e-3, named);
    assert.deepEqual(found.warnings, [], named);
  }
});

test("a cross-validation on a cluster refuses what the one on disk refuses", async () => {
  const refused: readonly (readonly [CrossValidateOptions, string])[] = [
    [{ folds: 1 }, "invalid-option"],
    [{ metric: { name: "own", greaterIsBetter: true, score: () => 0 } }, "invalid-option"],
    [{ seed: 0.5 }, "invalid-option"],
    [{ penalty: "none" }, "invalid-option"],
    [{ folds: 2400 }, "invalid-label"],
  ];
  for (const [options, code] of refused) {
    await assert.rejects(crossValidateOn(clusterJudged(two.ours), options, {}), { code });
  }
  const aborted = { signal: AbortSignal.abort() };
  await assert.rejects(crossValidateOn(clusterJudged(two.ours), { lambdas: [1] }, aborted), {
    code: "cancelled",
  });
});
