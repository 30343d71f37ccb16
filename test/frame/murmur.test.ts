import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur3 } from "../../src/frame/murmur";

const vectors: [text: string, seed: number, hash: number][] = [
  ["", 0, 0],
  ["", 1, 0x514e28b7],
  ["", 0xffffffff, 0x81f16f39],
  ["test", 0, 0xba6bd213],
  ["test", 0x9747b28c, 0x704b81dc],
  ["Hello, world!", 0, 0xc0363e43],
  ["Hello, world!", 0x9747b28c, 0x24884cba],
  ["The quick brown fox jumps over the lazy dog", 0, 0x2e4ff723],
  ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
  ["aaa", 0x9747b28c, 0x283e0130],
  ["aa", 0x9747b28c, 0x5d211726],
  ["a", 0x9747b28c, 0x7fa09ea6],
];

test("murmur3 gives the published values", () => {
  for (const [text, seed, hash] of vectors) {
    const bytes = new TextEncoder().encode(text);
    assert.equal(murmur3(bytes, 0, bytes.length, seed), hash, text);
  }
});

test("murmur3 reads only the bytes between from and to", () => {
  const bytes = new TextEncoder().encode("xxHello, world!yy");
  assert.equal(murmur3(bytes, 2, bytes.length - 2, 0), 0xc0363e43);
});
