import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Design } from "../../src/train/design";
import { LogisticLoss } from "../../src/train/losses/logistic";
import { SoftmaxLoss } from "../../src/train/losses/softmax";
import { L2Penalty } from "../../src/train/penalties/l2";
import { Problem } from "../../src/train/problem";
import { sharesOf } from "../../src/train/shares";
import { kinds, randomData } from "./data";

for (const kind of kinds) {
  for (const classes of [2, 3]) {
    test(`gradient, product and diagonal agree with differences: ${kind}, ${classes} classes`, () => {
      const data = randomData(kind, 30, 5, classes, 8);
      const design = Design.of(data.features, data.labels, sharesOf(data, null));
      const loss = classes === 2 ? new LogisticLoss(design, 1) : new SoftmaxLoss(design, classes);
      const penalty = new L2Penalty(0.1, 5, loss.outputs, Float32Array.from([1, 2, 0.5, 1, 3]));
      const problem = new Problem(design, loss, penalty, null);
      const random = new Random(1);
      const [w, v, g, Hv, diagonal, above, below, moved] = Array.from({ length: 8 }, () => problem.vector());
      for (let j = 0; j < w.length; j++) [w[j], v[j]] = [random.normal(), random.normal()];
      const step = 1e-5;
      problem.gradient(w, g);
      problem.product(v, Hv);
      problem.diagonal(diagonal);
      const difference = (direction: ArrayLike<number>) => {
        for (let j = 0; j < w.length; j++) moved[j] = w[j] + step * direction[j];
        const high = problem.gradient(moved, above);
        for (let j = 0; j < w.length; j++) moved[j] = w[j] - step * direction[j];
        return (high - problem.gradient(moved, below)) / (2 * step);
      };
      assert.ok(Math.abs(difference(v) - problem.dot(g, v)) < 1e-7);
      Hv.forEach((x, j) => {
        assert.ok(Math.abs((above[j] - below[j]) / (2 * step) - x) < 1e-7, `product ${j}`);
      });
      diagonal.forEach((x, j) => {
        const slope = difference(w.map((_, i) => (i === j ? 1 : 0)));
        assert.ok(Math.abs(slope - g[j]) < 1e-7, `gradient ${j}`);
        assert.ok(Math.abs((above[j] - below[j]) / (2 * step) - x) < 1e-7, `diagonal ${j}`);
      });
    });
  }
}
