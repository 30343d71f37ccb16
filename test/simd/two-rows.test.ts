import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { loadKernels } from "../../src/simd/load";
import { Arena } from "../../src/simd/memory";

test("dense rows that a product of softmax takes together give the bits that they give alone", () => {
  const random = new Random(4);
  const arena = new Arena();
  const kernels = loadKernels(arena.memory);
  const drawn = <T extends Float64Array | Float32Array>(numbers: T): T => {
    numbers.forEach((_, i) => {
      numbers[i] = random.normal();
    });
    return numbers;
  };
  for (let outputs = 2; outputs <= 23; outputs++) {
    for (const rows of [1, 2, 3, 6, 7]) {
      for (const columns of [0, 1, 5]) {
        const mark = arena.mark();
        const x = drawn(arena.singles(rows * columns)).byteOffset;
        const shares = drawn(arena.floats(rows)).byteOffset;
        const p = drawn(arena.floats(rows * outputs)).byteOffset;
        const v = drawn(arena.floats((columns + 1) * outputs)).byteOffset;
        const scratch = arena.floats(2 * outputs).byteOffset;
        const whole = arena.floats((columns + 1) * outputs);
        const alone = arena.floats((columns + 1) * outputs);
        const product = (from: number, count: number, out: Float64Array) =>
          kernels.softmaxProduct(
            ...([0, 0, x + 4 * from * columns] as const),
            ...([count, columns, outputs] as const),
            ...([shares + 8 * from, p + 8 * from * outputs, v, out.byteOffset, scratch] as const),
          );
        product(0, rows, whole);
        for (let i = 0; i < rows; i++) product(i, 1, alone);
        assert.deepEqual(whole, alone, `${rows} rows, ${columns} columns, ${outputs} outputs`);
        arena.rewind(mark);
      }
    }
  }
});
