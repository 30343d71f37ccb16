import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import type { DescendStep } from "../../src/compress/descend-job";
import { descend } from "../../src/compress/descents";
import { planCompression } from "../../src/compress/options";
import { type Part, partsOf } from "../../src/compress/parts";
import { isBehind, type Outline, outlineOf } from "../../src/compress/race";
import { type Candidate, prepare } from "../../src/compress/search";
import { Dataset } from "../../src/matrix/dataset";

const curve = (...points: [bits: number, loss: number][]) => points.map(([bits, loss]) => ({ bits, loss }));
const rival = curve([0, 60], [100, 20], [200, 12], [400, 10], [800, 10.5]);

test("what loses more at every size is behind, what is better at one is not", () => {
  assert.ok(isBehind(curve([100, 21], [200, 12.5], [400, 11], [900, 10]), [rival]));
  assert.ok(!isBehind(curve([100, 21], [200, 11.5], [400, 11]), [rival]));
  assert.ok(!isBehind(curve([100, 21], [900, 9]), [rival]));
  assert.ok(isBehind(rival, [rival]), "as good is not better");
});

test("between two sizes of rivals the loss is in proportion, and rivals count together", () => {
  assert.ok(isBehind(curve([150, 16]), [rival]));
  assert.ok(!isBehind(curve([150, 15.9]), [rival]));
  assert.ok(isBehind(curve([150, 15.9]), [rival, curve([150, 15])]));
  assert.ok(!isBehind(curve([50, 70]), [rival.slice(1)]), "smaller than all rivals");
});

test("an outline adds up the folds at the prices that all of them came to", () => {
  const step = (at: number, bits: number, losses: number[]) =>
    ({ at, bits, heldOut: { losses: Float64Array.from(losses) } }) as unknown as DescendStep;
  const parts = [{ test: Uint32Array.of(0, 1) }, { test: Uint32Array.of(2) }] as unknown as Part[];
  const weights = Float64Array.of(1, 2, 3);
  const folds = [[step(0, 10, [1, 2]), step(1, 5, [3, 4])], [step(0, 20, [5])]];
  assert.deepEqual(outlineOf(folds, parts, { weights } as unknown as Dataset), [{ bits: 30, loss: 20 }]);
});

test("an input that is raced is given up where it is behind after two folds, and goes on where it is not", async () => {
  const random = new Random(3);
  const drawn = (columns: number) =>
    Array.from({ length: 160 }, () => Array.from({ length: columns }, () => random.normal()));
  const features = drawn(5);
  const labels = features.map((x) => Number(x[0] + x[1] - x[2] + 0.5 * random.normal() > 0));
  const data = Dataset.from({ features, labels });
  const noise = Dataset.from({ features: drawn(12), labels });
  const options = { maxBytes: 60, levels: [3], lambdas: [1e-3], folds: 4, threads: 1 };
  const plan = planCompression({ ...options, inputs: { noise, again: data } }, data);
  const raced = { settings: 1, folds: 4, raced: true };
  const shares = { "": { ...raced, raced: false }, noise: raced, again: raced };
  const task = { parts: partsOf(data, plan), plan: { ...plan, shares } };
  const subject = { link: "binary", lambda: null, mask: null } as const;
  const descended = async (name: string, own: Dataset, rivals: readonly Outline[]) => {
    const input = await prepare(name, own, subject, { ...task, measured: () => false }, {});
    const points: Candidate[] = [];
    const setting = { input, levels: 3, lambda: 1e-3 };
    const outlines = await descend([setting], { ...task, subject, rivals }, {}, (found) => {
      points.push(...found);
    });
    return { outlines, points };
  };
  const first = await descended("", data, []);
  assert.ok(first.points.length > 3);
  assert.equal((await descended("noise", noise, first.outlines)).points.length, 0);
  const against = await descended("noise", noise, []);
  assert.ok(against.points.length > 3, "without rivals there is no race");
  const better = await descended("again", data, against.outlines);
  assert.deepEqual(
    better.points.map(({ step, heldOut }) => [step.model, heldOut]),
    first.points.map(({ step, heldOut }) => [step.model, heldOut]),
    "one that goes on is what it would have been at once",
  );
});
