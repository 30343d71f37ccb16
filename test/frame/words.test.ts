import assert from "node:assert/strict";
import { test } from "node:test";
import { Words } from "../../src/frame/words";

function wordsOf(text: string, lowercase = true): string[] {
  const words = new Words();
  words.add(text, lowercase);
  const decoder = new TextDecoder();
  return Array.from({ length: words.count }, (_, i) =>
    decoder.decode(words.bytes.subarray(words.starts[i], words.ends[i])),
  );
}

test("words are runs of letters, marks, numbers and underscores", () => {
  assert.deepEqual(wordsOf("Win $1,000 -- NOW_or never!"), ["win", "1", "000", "now_or", "never"]);
  assert.deepEqual(wordsOf("Ünïcode Ωmega हिन्दी 日本語 𝒳"), ["ünïcode", "ωmega", "हिन्दी", "日本語", "x"]);
  assert.deepEqual(wordsOf("𐐀𐐁 🙂 ok"), ["𐐨𐐩", "ok"]);
  assert.deepEqual(wordsOf(" \n\t"), []);
});

test("an apostrophe belongs to a word only between two of its parts", () => {
  assert.deepEqual(wordsOf("don't 'quote' rock'n'roll dogs'"), ["don't", "quote", "rock'n'roll", "dogs"]);
  assert.deepEqual(wordsOf("don’t"), ["don't"]);
});

test("forms that are compatible give the same words; case stays where asked", () => {
  assert.deepEqual(wordsOf("ﬁne Ｆｒｅｅ cafe\u0301"), ["fine", "free", "café"]);
  assert.deepEqual(wordsOf("Free MONEY", false), ["Free", "MONEY"]);
});

test("bytes agree with the platform's UTF-8, one space between words", () => {
  const words = new Words();
  words.add("Größe, ≠ 日本 𐐀!", false);
  const text = new TextDecoder().decode(words.bytes.subarray(0, words.ends[words.count - 1]));
  assert.equal(text, "Größe 日本 𐐀");
});

test("a long text and many texts fit", () => {
  const words = new Words();
  assert.equal(words.add("é ".repeat(50_000), true), 50_000);
  assert.equal(words.add("a", true), 1);
  assert.equal(words.count, 50_001);
});
