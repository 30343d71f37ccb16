import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../src/base/random";
import { corpus, files, goldenFiles, withEverything } from "./corpus";
import { mutations } from "./mutations";
import { outcome, resealed } from "./outcome";

test("every flipped bit and every cut of a small file is noticed", () => {
  const drawn = fc.sample(files, { numRuns: 60, seed: 5 }).filter(({ length }) => length < 150);
  const small = drawn.slice(0, 6);
  assert.equal(small.length, 6);
  const released = goldenFiles().filter(({ length }) => length < 200);
  assert.ok(released.length > 4);
  for (const file of [withEverything, ...small, ...released]) {
    assert.equal(outcome(file), "read");
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const flipped = file.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      assert.notEqual(outcome(flipped), "read", `bit ${bit}`);
    }
    for (let length = 0; length < file.length; length++) {
      assert.notEqual(outcome(file.subarray(0, length)), "read", `cut at ${length}`);
    }
    assert.equal(outcome(Uint8Array.of(...file, 0)), "corrupt-file");
  }
});

test("10,000 harmed and random files give typed errors, or a model where a checksum was set right", () => {
  const whole = corpus(80, 6);
  for (const file of whole) assert.equal(outcome(file), "read");
  const kinds = Object.entries(mutations);
  const read = new Set<string>();
  fc.assert(
    fc.property(fc.nat(kinds.length - 1), fc.integer(), (kind, seed) => {
      const [name, mutate] = kinds[kind];
      const { bytes, refused } = mutate(whole, new Random(seed));
      const result = outcome(bytes);
      if (result === "read") read.add(name);
      if (refused) assert.notEqual(result, "read", name);
    }),
    { numRuns: 10_000, seed: 7 },
  );
  assert.ok(
    read.has("sealedBytes"),
    "some sealed changes, as of a level, must read, or all stops at the checksum",
  );
  assert.ok(read.has("sealedStream"), "some random streams must read, or the parts are never reached");
});

test("few bytes that declare much are refused before much work is done", () => {
  const random = new Random(8);
  const start = process.cpuUsage();
  for (let i = 0; i < 300; i++) {
    const stream = Array.from({ length: 12 }, (_, at) =>
      at < 4 ? random.bits() & 255 : i % 2 === 0 ? 0 : 255,
    );
    outcome(resealed(Uint8Array.of(0x8c, 2, ...stream, 0, 0, 0, 0)));
  }
  const { user } = process.cpuUsage(start);
  assert.ok(user < 20_000_000, `${user / 1000} ms`);
});
