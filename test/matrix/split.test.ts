import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { numberedRows, rowNumbers } from "./data";

const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 });

test("the parts of a split are disjoint, exhaustive and ascending, and rows keep label and weight", () => {
  const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
  fc.assert(
    fc.property(counts, share, fc.boolean(), fc.integer(), (sizes, test, stratify, seed) => {
      fc.pre(sizes.some((n) => n > 1));
      const data = numberedRows(sizes, true);
      const parts = data.split({ test, stratify, seed });
      const all = [...rowNumbers(parts.train), ...rowNumbers(parts.test)].sort((a, b) => a - b);
      assert.deepEqual(all, rowNumbers(data));
      for (const part of [parts.train, parts.test]) {
        const rows = rowNumbers(part);
        assert.ok(rows.every((row, i) => i === 0 || row > rows[i - 1]));
        assert.deepEqual(
          [...part.labels],
          rows.map((row) => data.labels[row]),
        );
        assert.deepEqual(
          [...part.weights!],
          rows.map((row) => row + 1),
        );
        assert.equal(part.classes, data.classes);
      }
    }),
    { numRuns: 200, seed: 4 },
  );
});

test("a stratified split keeps each class's share, and a row of it in both parts", () => {
  fc.assert(
    fc.property(counts, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (sizes, test) => {
      fc.pre(sizes.some((n) => n > 1));
      const parts = numberedRows(sizes).split({ test });
      sizes.forEach((n, k) => {
        const taken = parts.test.counts[k];
        if (n > 1) assert.ok(taken >= 1 && taken < n);
        if (taken > 1 && taken < n - 1) assert.ok(Math.abs(taken - n * test) <= 0.5);
      });
    }),
    { numRuns: 200, seed: 5 },
  );
});

test("a seed gives the same split, another one another", () => {
  const data = numberedRows([50, 50]);
  const testRows = (seed: number) => rowNumbers(data.split({ seed }).test);
  assert.deepEqual(testRows(3), testRows(3));
  assert.notDeepEqual(testRows(3), testRows(4));
  assert.deepEqual(rowNumbers(data.split().test), testRows(0));
  assert.equal(data.split().test.rows, 26);
});

test("each row is in the test part of just one fold, each class spread evenly", () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 2, max: 8 }), fc.integer(), (sizes, k, seed) => {
      const data = numberedRows(sizes.concat(k));
      const folds = data.folds(k, { seed });
      assert.equal(folds.length, k);
      const tested = folds.flatMap((fold) => rowNumbers(fold.test)).sort((a, b) => a - b);
      assert.deepEqual(tested, rowNumbers(data));
      for (const { train, test } of folds) {
        assert.equal(train.rows + test.rows, data.rows);
        const own = new Set(rowNumbers(test));
        assert.ok(rowNumbers(train).every((row) => !own.has(row)));
        test.counts.forEach((n, c) => {
          assert.ok(Math.abs(n - data.counts[c] / k) < 1);
        });
      }
    }),
    { numRuns: 100, seed: 6 },
  );
  const rows = (seed: number) => data.folds(4, { seed }).map(({ test }) => rowNumbers(test));
  const data = numberedRows([20, 20]);
  assert.deepEqual(rows(1), rows(1));
  assert.notDeepEqual(rows(1), rows(2));
});

test("splits and folds that can't be are refused", () => {
  const data = numberedRows([3, 3]);
  for (const share of [0, 1, -1, Number.NaN]) {
    assert.throws(() => data.split({ test: share }), {
      code: "invalid-option",
      message: /test: .*in \(0, 1\)/,
    });
  }
  assert.throws(() => data.split({ seed: 0.5 }), { code: "invalid-option", message: /seed: 0.5/ });
  assert.throws(() => data.split({ stratify: "label" as never }), {
    code: "invalid-option",
    message: /stratify/,
  });
  assert.throws(() => data.split({ size: 1 } as never), { code: "unknown-option", message: /"size"/ });
  assert.throws(() => data.folds(1), { code: "invalid-option", message: /folds: 1; expected.*\[2, 6\]/ });
  assert.throws(() => data.folds(7), { code: "invalid-option", message: /folds: 7/ });
  assert.throws(() => data.folds(2, { shuffle: true } as never), { code: "unknown-option" });
  assert.throws(() => numberedRows([1]).split(), {
    code: "empty-data",
    message: /part of the split: "1 rows"/,
  });
});
