import assert from "node:assert/strict";
import { test } from "node:test";
import { Arena } from "../../src/simd/memory";

test("an array grows where it lies, with what it holds, unless another was taken behind it", () => {
  const arena = new Arena();
  const before = arena.floats(100);
  const own = arena.lend();
  const array = own.floats(1000).map((_, i) => i);
  const { byteOffset } = own.copy(array);
  const alone = arena.lend();
  const grown = alone.floats(1000);
  grown.set(array);
  const { bytes } = arena;
  assert.ok(alone.extend(8 * 100_000));
  assert.ok(arena.bytes - bytes < 8 * 100_000 && arena.bytes - bytes > 8 * 90_000 - 65536);
  const longer = new Float64Array(arena.memory.buffer, grown.byteOffset, 100_000);
  assert.deepEqual(longer.subarray(0, 1000), array);
  longer.fill(7);
  const beside = arena.lend().floats(10);
  assert.ok(beside.byteOffset >= longer.byteOffset + longer.byteLength);
  assert.ok(!alone.extend(8 * 200_000), "it would reach into the array behind it");
  assert.ok(alone.extend(8 * 100_000), "it is so long already");
  assert.ok(!arena.lend().extend(8), "there is no array");
  assert.deepEqual([before[0], beside[0], longer[99_999]], [0, 0, 7]);
  assert.deepEqual(new Float64Array(arena.memory.buffer, byteOffset, 1000), Float64Array.from(array));
});
