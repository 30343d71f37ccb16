import assert from "node:assert/strict";
import { test } from "node:test";
import { SeparablePenalty } from "../../src/train/penalties/separable";
import { Carry } from "../../src/train/solvers/carry";
import { proxNewton } from "../../src/train/solvers/prox-newton";
import { Screen } from "../../src/train/solvers/screen";
import { randomData } from "./data";
import { d, design, fit, lossOf, monitor } from "./prox-newton";

test("each fit of a path ends where a fit from zero does", () => {
  const data = randomData("csr", 90, d, 2, 3);
  const own = design(data);
  const loss = lossOf(own, 1);
  const w = own.parameters(1);
  const carry = new Carry(own, 1);
  for (let n = 0; n < 12; n++) {
    const strength = { lambda: 0.1 * 0.7 ** n, l1Ratio: 1 };
    const penalty = new SeparablePenalty(strength, { columns: d, outputs: 1, scale: null, frozen: null });
    const problem = { design: own, loss, penalty, freeIntercepts: true };
    const outcome = proxNewton(problem, w, { tolerance: 1e-8, maxIterations: 100 }, monitor, carry);
    const alone = fit(data, 1, (table) => new SeparablePenalty(strength, table));
    assert.ok(outcome.converged);
    assert.ok(Math.abs(outcome.objective - alone.outcome.objective) <= 1e-8 * outcome.objective);
  }
});

for (const kind of ["csr", "ones"] as const) {
  for (const free of [true, false]) {
    test(`${kind}, intercept ${free ? "free" : "fixed"}: a path that reads few columns leaves none out that breaks the optimality`, () => {
      const data = randomData(kind, 60, 400, 2, 5);
      const own = design(data);
      const loss = lossOf(own, 1);
      const w = own.parameters(1);
      const table = { columns: 400, outputs: 1, scale: null, frozen: null };
      const weights = Float64Array.from({ length: 400 }, (_, j) => 1 + (j % 3));
      assert.ok(Screen.suits(own));
      const carry = new Carry(own, 1, 30);
      const before = own.passes;
      let looks = 0;
      for (let n = 0; n < 30; n++) {
        const lambda = 0.1 * 0.85 ** n;
        const penalty = new SeparablePenalty({ lambda, l1Ratio: 1 }, table, n < 15 ? null : weights);
        const problem = { design: own, loss, penalty, freeIntercepts: free };
        const outcome = proxNewton(problem, w, { tolerance: 1e-7, maxIterations: 200 }, monitor, carry);
        assert.ok(outcome.converged && outcome.gap <= 1e-7 * outcome.objective);
        looks += outcome.history.length;
        const [at, gradient] = [own.parameters(1), own.parameters(1)];
        at.set(w);
        loss.gradient(at, gradient);
        gradient.subarray(0, 400).forEach((g, j) => {
          const corner = lambda * (n < 15 ? 1 : weights[j]);
          assert.ok(Math.abs(g) <= corner * (1 + 1e-3), `column ${j}: ${g} of ${corner}`);
        });
        assert.deepEqual(
          Array.from(outcome.stirred).filter((j) => w[j] !== 0),
          Array.from({ length: 400 }, (_, j) => j).filter((j) => w[j] !== 0),
        );
      }
      // One pass a step is for the gradients above.
      const passes = own.passes - before - 30;
      assert.ok(passes > 0 && passes < 0.8 * looks, `${passes} passes for ${looks} looks`);
      carry.close();
    });
  }
}
