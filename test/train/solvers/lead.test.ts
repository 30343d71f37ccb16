import assert from "node:assert/strict";
import { test } from "node:test";
import { Design } from "../../../src/train/design";
import { LogisticLoss } from "../../../src/train/losses/logistic";
import { sharesOf } from "../../../src/train/shares";
import { Lead } from "../../../src/train/solvers/lead";
import { randomData } from "../data";

/** A loss on random rows, and what moves it along a line to a time and gives the curvatures there. */
function line() {
  const data = randomData("dense", 200, 5, 2, 3);
  const design = Design.of(data.features, data.labels, sharesOf(data, null));
  const loss = new LogisticLoss(design, 1);
  const [w, g] = [design.parameters(1), design.parameters(1)];
  const at = (time: number) => {
    for (let j = 0; j < w.length; j++) w[j] = time * Math.sin(j + 1);
    loss.gradient(w, g.fill(0));
    return loss.curvatures.slice();
  };
  const lead = new Lead(design);
  return { design, loss, lead, at };
}

const farthest = (x: Float64Array, y: Float64Array) =>
  x.reduce((most, a, i) => Math.max(most, Math.abs(a - y[i]) / y[i]), 0);

for (const pace of [1, 0.5, 2]) {
  test(`curvatures halfway to the next point are guessed to second order, pace ${pace}`, () => {
    const { loss, lead, at } = line();
    const stride = 0.005;
    const halfway = at(1 + (pace * stride) / 2);
    at(1 - stride);
    lead.mark(loss, 0);
    assert.ok(!lead.known);
    const start = at(1);
    lead.mark(loss, pace);
    assert.ok(lead.known);
    lead.halfway(loss, null);
    const error = farthest(loss.curvatures, halfway);
    assert.ok(error < 0.1 * farthest(start, halfway), `${error} of ${farthest(start, halfway)}`);
  });
}

test("a merged row takes the guess of a row that it stands for, and a break in the path is no lead", () => {
  const { design, loss, lead, at } = line();
  at(1);
  lead.mark(loss, 0);
  const start = at(1.02);
  lead.mark(loss, 1);
  lead.halfway(loss, null);
  const guess = loss.curvatures.map((h, i) => h / start[i]);
  at(1.02);
  const rows = design.arena.copy(Uint32Array.from({ length: 200 }, (_, n) => 199 - n));
  lead.halfway(loss, rows);
  loss.curvatures.forEach((h, n) => {
    assert.ok(Math.abs(h / start[n] - guess[199 - n]) < 1e-14);
  });
  lead.mark(loss, 0);
  assert.ok(!lead.known);
});
