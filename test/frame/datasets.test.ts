import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { columnsOf } from "../../src/frame/columns";
import { datasets } from "../../src/frame/datasets";

test("10,000 digits of ink between 0 and 1", async () => {
  const data = await datasets.digits();
  assert.deepEqual([data.rows, data.columns, data.classes.length], [10_000, 784, 10]);
  assert.ok(data.counts.every((count) => count > 850 && count < 1150));
  const { values } = data.features;
  assert.ok(values!.every((ink) => ink >= 0 && ink <= 1));
  assert.equal(data.featureNames.at(29), "pixel 1,1");
});

test("flights: as many as asked, the same by seed, of the real calendar", async () => {
  const some = await datasets.flights({ rows: 2000, seed: 1 });
  const again = await datasets.flights({ rows: 2000, seed: 1 });
  const other = await datasets.flights({ rows: 2000, seed: 2 });
  assert.deepEqual(some.values, again.values);
  assert.notDeepEqual(some.values, other.values);
  assert.equal(some.shape[0], 2000);
  const columns = columnsOf(some);
  const late = Array.from(columns.get("late")!);
  const delay = Array.from(columns.get("delay")!) as number[];
  assert.deepEqual(
    late,
    delay.map((minutes) => minutes > 15),
  );
  const share = late.filter(Boolean).length / late.length;
  assert.ok(share > 0.1 && share < 0.3, String(share));
  const days = new Set(Array.from(columns.get("weekday")!));
  assert.equal(days.size, 7);
  await assert.rejects(
    datasets.flights({ rows: 4e6 }),
    (error) => error instanceof LogitpressError && error.code === "invalid-option",
  );
});

test("breast cancer: 569 patients, 212 of them ill", async () => {
  const frame = await datasets.breastCancer();
  assert.deepEqual(frame.shape, [569, 31]);
  const diagnosis = Array.from(columnsOf(frame).get("diagnosis")!);
  assert.equal(diagnosis.filter((name) => name === "malignant").length, 212);
});
