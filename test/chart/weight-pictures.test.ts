import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { weightPicturesChart } from "../../src/chart/weight-pictures";
import { modelOf, normals } from "../evaluate/models";

const classes = ["a", "b", "c"];

test("each weight is a cell of its class's picture, zeros are blank", () => {
  const weights = normals(3 * 12, 2).map((w, i) => (i % 5 === 0 ? 0 : w));
  const model = modelOf(classes, "softmax", weights, [0, 0, 0]);
  const { data } = weightPicturesChart(model, { width: 4 });
  const cells = (data[0].z ?? []).flat().filter((cell) => cell !== null);
  assert.equal(cells.length, model.nonzeros);
  const sum = model.weights.reduce((total, w) => total + Number(w.toPrecision(3)), 0);
  assert.ok(Math.abs(cells.reduce((total, cell) => total + cell, 0) - sum) < 1e-9);
  assert.deepEqual(data[1].text, classes);
  // The picture of the second class stands to the right of the first: its first weight is 4 columns and a gap away.
  const { z = [] } = data[0];
  const first = z.findIndex((row) => row.some((cell) => cell !== null));
  assert.equal(z[first][6], Number(model.weights[1].toPrecision(3)));
  assert.equal(z[first + 1][1], Number(model.weights[3 * 5].toPrecision(3)) || null);
});

test("a model of two classes is one picture, of the second class", () => {
  const { data } = weightPicturesChart(modelOf(["no", "yes"], "binary", normals(9, 1), [0]));
  assert.deepEqual(data[1].text, ["yes"]);
  assert.equal(data[0].z?.[0].length, 3);
});

test("a width that can't be is refused", () => {
  const model = modelOf(["no", "yes"], "binary", normals(12, 1), [0]);
  const codeOf = (code: string) => (error: unknown) =>
    error instanceof LogitpressError && error.code === code;
  assert.throws(() => weightPicturesChart(model), codeOf("missing-option"));
  assert.throws(() => weightPicturesChart(model, { width: 5 }), codeOf("invalid-option"));
});
