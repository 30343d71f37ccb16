import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBoolean, checkChoice, checkKeys, checkLength, checkNumber } from "../../src/base/check";
import { displaySymbol, isDisplayable } from "../../src/base/display";
import { fail, LogitpressError } from "../../src/base/errors";
import { checkCancelled } from "../../src/base/progress";
import { sigmoid, softmaxInPlace, softplus } from "../../src/base/sigmoid";

/** The error that `act` throws. */
function errorOf(act: () => unknown): LogitpressError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof LogitpressError, String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
}

test("the sigmoid keeps its digits at both ends", () => {
  assert.equal(sigmoid(0), 0.5);
  assert.equal(sigmoid(Number.POSITIVE_INFINITY), 1);
  assert.equal(sigmoid(Number.NEGATIVE_INFINITY), 0);
  assert.equal(sigmoid(-1000), 0);
  assert.equal(sigmoid(1000), 1);
  assert.ok(Math.abs(sigmoid(-700) / Math.exp(-700) - 1) < 1e-12);
  for (let m = -40; m <= 40; m += 0.37) {
    assert.ok(Math.abs(sigmoid(m) + sigmoid(-m) - 1) < 1e-15);
    assert.ok(Math.abs(sigmoid(m) - (1 + Math.tanh(m / 2)) / 2) < 1e-15);
  }
});

test("softplus neither overflows nor vanishes", () => {
  assert.equal(softplus(0), Math.LN2);
  assert.equal(softplus(1e308), 1e308);
  assert.equal(softplus(Number.NEGATIVE_INFINITY), 0);
  assert.ok(Math.abs(softplus(-50) / Math.exp(-50) - 1) < 1e-12);
  for (let m = -30; m <= 30; m += 0.37) {
    assert.ok(Math.abs(softplus(m) - softplus(-m) - m) < 1e-13);
    const slope = (softplus(m + 1e-5) - softplus(m - 1e-5)) / 2e-5;
    assert.ok(Math.abs(slope - sigmoid(m)) < 1e-8);
  }
});

test("softmax sums to one, ignores a shift, and touches its own stretch alone", () => {
  const margins = Float64Array.of(7, 1000, 1001, 999, 7);
  const top = softmaxInPlace(margins, 1, 3);
  const total = 1 + Math.exp(-1) + Math.exp(-2);
  assert.ok(Math.abs(top - (1001 + Math.log(total))) < 1e-12);
  for (const [at, wanted] of [Math.exp(-1), 1, Math.exp(-2)].entries()) {
    assert.ok(Math.abs(margins[at + 1] - wanted / total) < 1e-15);
  }
  assert.deepEqual([margins[0], margins[4]], [7, 7]);
  const pair = Float64Array.of(0, 2.5);
  softmaxInPlace(pair, 0, 2);
  assert.ok(Math.abs(pair[1] - sigmoid(2.5)) < 1e-15);
});

test("a number is checked against each kind of bound", () => {
  assert.equal(checkNumber(3, "k", { min: 3, max: 3, integer: true }), 3);
  const cases = [
    [0, { above: 0 }, "k: 0; expected a finite number in (0, inf)"],
    [1, { min: 0, below: 1 }, "k: 1; expected a finite number in [0, 1)"],
    [2, { max: 1 }, "k: 2; expected a finite number in (-inf, 1]"],
    [1.5, { integer: true }, "k: 1.5; expected an integer"],
    [Number.NaN, {}, "k: NaN; expected a finite number"],
    ["3", {}, 'k: "3"; expected a finite number'],
    [null, {}, "k: null; expected a finite number"],
  ] as const;
  for (const [value, bounds, message] of cases) {
    const error = errorOf(() => checkNumber(value, "k", bounds));
    assert.equal(error.code, "invalid-option");
    assert.equal(error.message, `invalid ${message}.`);
  }
});

test("keys, choices, truth values and lengths are checked", () => {
  for (const [none, message] of [
    [undefined, "missing options of f"],
    [null, "missing options of f"],
    [7, "invalid options of f: 7"],
    [["a"], "invalid options of f: Array(1)"],
    [new Map(Object.entries({ a: 1 })), undefined],
    [Object.assign(new Map(), { c: 1 }), "invalid options of f: Map"],
  ] as const) {
    const check = () => checkKeys(none as never, ["a", "b"], "f");
    if (message === undefined) check();
    else assert.equal(errorOf(check).message, `${message}; expected an object of a, b.`);
  }
  checkKeys({ a: 1 }, ["a", "b"], "f");
  assert.equal(
    errorOf(() => checkKeys({ c: 1 }, ["a", "b"], "f")).message,
    'unknown option of f: "c"; expected one of a, b.',
  );
  assert.equal(checkChoice("x", "mode", ["x", "y"]), "x");
  assert.equal(
    errorOf(() => checkChoice("z", "mode", ["x", "y"])).message,
    'invalid mode: "z"; expected one of "x", "y".',
  );
  assert.equal(checkBoolean(false, "flag"), false);
  assert.equal(
    errorOf(() => checkBoolean("no", "flag")).message,
    'invalid flag: "no"; expected true or false.',
  );
  checkLength(2, 2, "rows");
  const error = errorOf(() => checkLength(1, 2, "rows"));
  assert.equal(error.code, "length-mismatch");
  assert.equal(error.message, "invalid length of rows: 1; expected 2.");
});

test("an error shows its value in short and keeps its cause", () => {
  const shown = (value: unknown) => errorOf(() => fail("invalid-data", { thing: "x", value })).message;
  assert.equal(shown(new Float32Array(9)), "invalid x: Float32Array(9).");
  assert.equal(shown([1, 2]), "invalid x: Array(2).");
  assert.equal(shown(new Map()), "invalid x: Map.");
  assert.equal(shown(Object.create(null)), "invalid x: object.");
  assert.equal(shown("a\nb"), 'invalid x: "a\\nb".');
  assert.ok(shown("a".repeat(500)).length < 100);
  const cause = new Error("disk");
  const failed = errorOf(() => fail("failed", { thing: "writing", remedy: "Free some space." }, { cause }));
  assert.equal(failed.message, "failed writing. Free some space.");
  assert.equal(failed.cause, cause);
  assert.equal(failed.name, "LogitpressError");
});

test("a step is cancelled by its signal alone, with the reason as cause", () => {
  checkCancelled(undefined, "fit");
  const controller = new AbortController();
  checkCancelled(controller.signal, "fit");
  controller.abort("enough");
  const error = errorOf(() => checkCancelled(controller.signal, "fit"));
  assert.deepEqual([error.code, error.message, error.cause], ["cancelled", "cancelled fit.", "enough"]);
});

test("what shows itself is known by the symbol that other kernels know", () => {
  assert.equal(displaySymbol as symbol, Symbol.for("Jupyter.display"));
  assert.ok(isDisplayable({ [displaySymbol]: () => ({ "text/plain": "x" }) }));
  for (const value of [null, undefined, 1, "x", {}]) assert.ok(!isDisplayable(value));
});
