import assert from "node:assert/strict";
import { test } from "node:test";
import { close, newControl } from "../../src/simd/team";

test("a thread that is about to sleep when its team closes does not", () => {
  const control = newControl();
  const state = new Int32Array(control.buffer);
  const seen = Atomics.load(state, 0);
  close(control);
  assert.equal(Atomics.wait(state, 0, seen, 50), "not-equal");
});
