import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { kernelModule, loadKernels } from "../../src/simd/load";
import { Arena } from "../../src/simd/memory";
import { close, newControl, Team } from "../../src/simd/team";
import { Design } from "../../src/train/design";
import { borrowThread, returnThread } from "../../src/train/threads/pool";
import { randomMatrix } from "../train/data";

test("a thread that is about to sleep when its team closes does not", () => {
  const control = newControl();
  const state = new Int32Array(control.buffer);
  const seen = Atomics.load(state, 0);
  close(control);
  assert.equal(Atomics.wait(state, 0, seen, 50), "not-equal");
});

/** A place in no memory, whose use is a trap. */
const nowhere = 0xfffffff0;

for (const broken of ["the one that helps", "this one"]) {
  test(`of two threads that wait for each other within a kernel one is not left waiting where ${broken} fails`, () => {
    const random = new Random(1);
    const rows = 256;
    const features = randomMatrix("csr", rows, 12, random);
    const labels = Uint32Array.from({ length: rows }, () => random.integer(2));
    const { arena, kernels, matrix, ...design } = Design.of(
      features,
      labels,
      new Float64Array(rows).fill(1 / rows),
    );
    const [pointers, indices, values, , columns] = matrix;
    const halves = arena.integers(rows);
    kernels.halveRows(
      pointers,
      indices,
      values,
      rows,
      6,
      12,
      arena.integers(24).byteOffset,
      halves.byteOffset,
    );
    const order = arena.integers(rows);
    order.forEach((_, i) => {
      order[i] = i;
    });
    const [w, divergences, sums] = [columns + 1, rows, 4].map((length) => arena.floats(length));
    const pair = arena.integers(528);
    const argumentsOf = (half: number, spoilt: boolean) => {
      const [norms, alphas, logits] = [0, 0, Number.NEGATIVE_INFINITY].map((x) => arena.floats(rows).fill(x));
      return [
        ...[
          pointers,
          halves.byteOffset,
          spoilt ? nowhere : indices,
          values,
          columns,
          order.byteOffset,
          rows,
          8,
        ],
        ...[
          design.labels.byteOffset,
          1,
          design.shares.byteOffset,
          0,
          1,
          0.1,
          norms.byteOffset,
          alphas.byteOffset,
        ],
        ...[logits.byteOffset, w.byteOffset, divergences.byteOffset, sums.byteOffset, pair.byteOffset, half],
      ];
    };
    const helps = broken !== "this one";
    const [own, other] = [argumentsOf(0, !helps), argumentsOf(1, helps)];
    const control = newControl();
    const thread = borrowThread();
    thread.postMessage({ kind: "serve", module: kernelModule(), shared: arena.shared, control });
    const team = new Team(kernels, control);
    try {
      // The other thread may come too late for some calls, of which this one then does all.
      for (let met = false; !met; ) {
        pair.fill(0);
        const call = () => team.runBeside("dualAscent", own, other, pair.byteOffset);
        if (helps) {
          try {
            call();
          } catch (error) {
            assert.ok(error instanceof LogitpressError && error.code === "invalid-data");
            met = true;
          }
        } else {
          assert.throws(call, /memory access out of bounds/);
          met = Atomics.load(new Int32Array(pair.buffer, pair.byteOffset, 1), 0) === 1;
        }
      }
    } finally {
      close(control);
      returnThread(thread);
    }
  });
}

test("two calls of a kernel give one sum, whether a thread helps or not, and fail where that one does", async () => {
  const random = new Random(2);
  const arena = new Arena();
  const kernels = loadKernels(arena.memory);
  const [x, y] = [0, 1].map(() => arena.copy(Float64Array.from({ length: 3001 }, () => random.normal())));
  const argumentsOf = (from: number, to: number) => [
    to - from,
    x.byteOffset + 8 * from,
    y.byteOffset + 8 * from,
  ];
  const [own, other] = [argumentsOf(0, 1501), argumentsOf(1501, 3001)];
  const alone = new Team(kernels);
  const sum = alone.runBoth("dot", own, other);
  const expected = x.reduce((total, value, i) => total + value * y[i], 0);
  assert.ok(Math.abs(sum - expected) < 1e-9);
  assert.equal(alone.attended, false);
  const control = newControl();
  const team = new Team(kernels, control);
  assert.equal(team.attended, false);
  const thread = borrowThread();
  thread.postMessage({ kind: "serve", module: kernelModule(), shared: arena.shared, control });
  try {
    while (!team.attended) assert.equal(team.runBoth("dot", own, other), sum);
    for (let n = 0; n < 1000; n++) assert.equal(team.runBoth("dot", own, other), sum);
    for (let met = false; !met; ) {
      try {
        team.runBoth("dot", own, [1, nowhere, nowhere]);
        assert.fail("nothing was thrown");
      } catch (error) {
        // This thread does what the other one has not begun.
        met = error instanceof LogitpressError && error.code === "invalid-data";
        assert.ok(met || error instanceof WebAssembly.RuntimeError, `${error}`);
      }
    }
  } finally {
    close(control);
    returnThread(thread);
  }
});
