import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { warningText } from "../../src/model/warning";
import { Design } from "../../src/train/design";
import { solve } from "../../src/train/fit";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { preparePath } from "../../src/train/path";
import { sharesOf } from "../../src/train/shares";
import { inFull } from "../../src/train/sparse-weights";
import { columns, forms, penalties, solvers, suits } from "./combinations";
import { kinds, randomData } from "./data";
import { descentLeft, plainObjective } from "./objective";

/** Of a penalty with a dual, and of the gradient where there is none. */
const tolerances = { gap: 1e-9, gradient: 1e-7 };
const rows = 80;

function near(ours: LinearModel, theirs: LinearModel, bound: number, what: string): void {
  for (const part of ["weights", "intercepts"] as const) {
    ours[part].forEach((x, at) => {
      const y = theirs[part][at];
      assert.ok(Math.abs(x - y) <= bound * (1 + Math.abs(y)), `${what}, ${part} ${at}: ${x}, not ${y}`);
    });
  }
}

/** The rows in another order, each some times. */
function repeated(data: Dataset): { twice: Dataset; weighted: Dataset } {
  const random = new Random(3);
  const counts = Array.from({ length: data.rows }, () => 1 + random.integer(3));
  const order = Uint32Array.from(counts.flatMap((count, i) => new Array<number>(count).fill(i)));
  const { features, labels } = data;
  return {
    twice: data.take(random.shuffle(order)),
    weighted: Dataset.from({ features, labels, weights: counts }),
  };
}

for (const form of forms) {
  for (const [name, penalty] of Object.entries(penalties)) {
    test(`${form.name}, ${name}: every solver and kind of matrix ends where no descent is left`, async () => {
      for (const kind of kinds) {
        const data = randomData(kind, rows, columns, form.classes, 11);
        const { twice, weighted } = repeated(data);
        let first: LinearModel | undefined;
        for (const solver of solvers.filter((one) => suits(one, form, penalty))) {
          for (const fitIntercept of [true, false]) {
            const what = `${kind}, ${solver}, intercept ${fitIntercept}`;
            const { multiclass } = form;
            const undual = name === "none" || name === "l2, some weights free";
            const tolerance = undual ? tolerances.gradient : tolerances.gap;
            const common = { tolerance, maxIterations: 5000, multiclass, solver, fitIntercept };
            const estimator = new LogisticRegression({ ...common, ...penalty.options });
            const model = await estimator.fit(data);
            const { fit } = model;
            assert.equal(fit.solver, solver);
            assert.ok(fit.converged, `${what}: ${fit.warnings.map(warningText).join()}`);
            if (undual) assert.ok(!(fit.dualityGap < 0));
            else assert.ok(fit.dualityGap >= 0 && fit.dualityGap <= tolerance * fit.objective, what);
            const expected = plainObjective(data, model, penalty.terms);
            assert.ok(Math.abs(fit.objective - expected) <= 1e-12 * expected, `${what}: ${expected}`);
            const { lower, upper } = penalty.terms;
            model.weights.forEach((w, at) => {
              const j = Math.floor(at / model.outputs);
              assert.ok(w >= lower[j] && w <= upper[j], what);
            });
            const left = descentLeft(data, model, penalty.terms, fitIntercept);
            assert.ok(left < 1e-4, `${what}: descent ${left}`);
            if (!fitIntercept) {
              assert.ok(model.intercepts.every((b) => b === 0));
              continue;
            }
            first ??= model;
            near(model, first, 5e-4, `${what} and ${first.fit.solver}`);
            near(await estimator.fit(twice), await estimator.fit(weighted), 5e-4, `${what}, rows repeated`);
          }
        }
      }
    });
  }
}

test("solvers refuse what they can't do, with the one that can", async () => {
  for (const form of forms) {
    const data = randomData("dense", 30, columns, form.classes, 11);
    for (const penalty of Object.values(penalties)) {
      for (const solver of solvers) {
        const { multiclass } = form;
        const fit = new LogisticRegression({ ...penalty.options, multiclass, solver, maxIterations: 1 }).fit(
          data,
        );
        if (suits(solver, form, penalty)) assert.equal((await fit).fit.solver, solver);
        else
          await assert.rejects(fit, {
            code: "invalid-option",
            message: /expected a solver for .*: (newton|prox)/,
          });
      }
    }
  }
});

test("any number of threads gives the same bits: every solver, penalty, form and kind of matrix", async () => {
  for (const form of forms) {
    for (const kind of kinds) {
      const data = randomData(kind, kind === "dense" ? 17_000 : 60_000, columns, form.classes, 12);
      for (const [name, penalty] of Object.entries(penalties)) {
        for (const solver of solvers.filter((one) => suits(one, form, penalty))) {
          const { multiclass } = form;
          const options = { ...penalty.options, multiclass, solver, maxIterations: 2, tolerance: 1e-10 };
          const [one, three] = await Promise.all(
            [1, 3].map((threads) => new LogisticRegression({ ...options, threads }).fit(data)),
          );
          const what = `${form.name}, ${kind}, ${name}, ${solver}`;
          assert.deepEqual(three.weights, one.weights, what);
          assert.deepEqual(three.intercepts, one.intercepts, what);
        }
      }
    }
  }
});

test("limits agree for every form: ends of the elastic net, groups of one, factors of one, bounds out of reach", async () => {
  const lambda = 0.02;
  for (const form of forms) {
    for (const kind of kinds) {
      const data = randomData(kind, 120, columns, form.classes, 12);
      const fit = (options: LogisticRegressionOptions) =>
        new LogisticRegression({ lambda, tolerance: 1e-12, multiclass: form.multiclass, ...options }).fit(
          data,
        );
      const groups = { lambda: lambda / Math.sqrt(form.name === "softmax" ? 3 : 1) };
      const factors = new Float64Array(columns).fill(2);
      const far = { lower: -1e3, upper: 1e3 };
      const same: [LogisticRegressionOptions, LogisticRegressionOptions][] = [
        [{ penalty: "elasticnet", l1Ratio: 1 }, { penalty: "l1" }],
        [{ penalty: "elasticnet", l1Ratio: 0 }, { penalty: "l2" }],
        [{ penalty: "l1", penaltyWeights: factors, lambda: lambda / 2 }, { penalty: "l1" }],
        [{ penalty: "l2", penaltyWeights: factors, lambda: lambda / 2 }, { penalty: "l2" }],
        [{ penalty: "l1", bounds: far }, { penalty: "l1" }],
        [{ penalty: "l2", bounds: far }, { penalty: "l2" }],
        [
          { penalty: "group", groups: [[0], [1]], ...groups },
          { penalty: "group", ...groups },
        ],
        ...(form.name === "softmax"
          ? []
          : ([[{ penalty: "group" }, { penalty: "l1" }]] as [
              LogisticRegressionOptions,
              LogisticRegressionOptions,
            ][])),
      ];
      for (const [options, others] of same) {
        near(
          await fit(options),
          await fit(others),
          1e-4,
          `${form.name}, ${kind}, ${JSON.stringify(options)}`,
        );
      }
    }
  }
});

test("softmax of two outputs is one output of half the strength, for l2; of the same, for l1", () => {
  const data = randomData("csr", 90, columns, 2, 11);
  for (const penalty of ["l2", "l1"] as const) {
    for (const solver of solvers) {
      const form = forms.find(({ name }) => name === "softmax")!;
      if (!suits(solver, form, penalties[penalty])) continue;
      const fit = (link: "binary" | "softmax", lambda: number) => {
        const options = { penalty, solver, lambdas: [lambda], tolerance: 1e-10, maxIterations: 1000 };
        const { plan } = preparePath(data, options).path;
        const K = link === "binary" ? 1 : 2;
        const start = { weights: null, intercepts: new Float64Array(K) };
        const design = Design.of(data.features, data.labels, sharesOf(data, null));
        const own = { ...plan, link, start, penalty: { ...plan.penalty, lambda } };
        const { weights, intercepts, fit: report } = solve(design, own, { check() {}, report() {} });
        return { weights: inFull(weights), intercepts, objective: report.objective };
      };
      const two = fit("softmax", 0.02);
      const one = fit("binary", penalty === "l2" ? 0.01 : 0.02);
      assert.ok(Math.abs(two.objective - one.objective) < 1e-9, `${penalty}, ${solver}`);
      one.weights.forEach((w, j) => {
        assert.ok(Math.abs(two.weights[2 * j + 1] - two.weights[2 * j] - w) < 1e-4, `${penalty}, ${solver}`);
      });
      assert.ok(Math.abs(two.intercepts[1] - two.intercepts[0] - one.intercepts[0]) < 1e-4);
    }
  }
});

test("one sigmoid a class of two is one output, as softmax of two is", async () => {
  for (const { options } of Object.values(penalties)) {
    const data = randomData("csr", 90, columns, 2, 11);
    const [ovr, softmax] = await Promise.all(
      (["ovr", "softmax"] as const).map((multiclass) =>
        new LogisticRegression({ ...options, multiclass }).fit(data),
      ),
    );
    assert.deepEqual(ovr.weights, softmax.weights);
    assert.deepEqual([ovr.link, softmax.link], ["binary", "binary"]);
  }
});
