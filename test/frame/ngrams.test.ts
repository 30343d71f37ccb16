import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TableEncoder } from "../../src/frame/encoder";
import { murmur3 } from "../../src/frame/murmur";
import { Ngrams } from "../../src/frame/ngrams";
import { Words } from "../../src/frame/words";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom("a", "B", "é", "ß", "'", "’", " ", "日", "𐐀", "\ud800", "ﬁ", "9", "_"),
    maxLength: 40,
  }),
);

test("words are those that a regular expression finds, in any script", () => {
  const decoder = new TextDecoder();
  fc.assert(
    fc.property(text, fc.boolean(), (given, lowercase) => {
      const normal = given.normalize("NFKC").replaceAll("\u2019", "'");
      const source = lowercase ? normal.toLowerCase() : normal;
      const expected = source.match(/[\p{L}\p{M}\p{N}_]+(?:'[\p{L}\p{M}\p{N}_]+)*/gu) ?? [];
      const words = new Words();
      words.add(given, lowercase);
      const found = Array.from({ length: words.count }, (_, i) =>
        decoder.decode(words.bytes.subarray(words.starts[i], words.ends[i])),
      );
      assert.deepEqual(found, [...expected]);
    }),
    { numRuns: 3000 },
  );
});

test("runs hashed in one go have the hashes of their bytes, in words and in characters", () => {
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(3),
      fc.nat(),
      fc.boolean(),
      (texts, shortest, more, seed, characters) => {
        const words = new Words();
        for (const one of texts) words.add(one, true);
        const state = { ngrams: [shortest, shortest + more] as const, seed };
        const ngrams = new Ngrams(characters ? { ...state, unit: "character" } : state);
        ngrams.read(words);
        const all = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
          words.bytes.subarray(0, words.count === 0 ? 0 : words.ends[words.count - 1]),
        );
        const units = all === "" ? [] : characters ? [...all] : all.split(" ");
        const expected = units.flatMap((_, i) =>
          Array.from({ length: more + 1 }, (__, k) => units.slice(i, i + shortest + k))
            .filter((run, k) => run.length === shortest + k)
            .map((run) => new TextEncoder().encode(run.join(characters ? "" : " "))),
        );
        assert.equal(ngrams.count, expected.length);
        expected.forEach((bytes, k) => {
          assert.deepEqual(words.bytes.slice(ngrams.froms[k], ngrams.tos[k]), bytes);
          assert.equal(ngrams.hashes[k], murmur3(bytes, 0, bytes.length, seed));
        });
      },
    ),
    { numRuns: 1000 },
  );
});

test("rows read once by the fit are those that a second reading gives", () => {
  const level = fc.constantFrom("a", "b", "1", "1.0", 1, true, null, "c");
  const row = fc.record({ level, note: text, x: fc.integer({ min: -3, max: 3 }) });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 4, maxLength: 30 }),
      fc.constantFrom("zero", "level", "error"),
      fc.integer({ min: 1, max: 3 }),
      (rows, unseen, rare) => {
        const frame = {
          level: ["a", "b", ...rows.map((one) => one.level)],
          note: ["x", "", ...rows.map(({ note }) => note)],
          x: [0, 1, ...rows.map(({ x }) => x)],
          label: ["yes", "no", ...rows.map((_, i) => (i % 3 === 0 ? "yes" : "no"))],
        };
        const spec = {
          label: "label",
          numeric: "x",
          categorical: { column: "level", rare },
          text: { column: "note", bits: 6 },
          missing: "mean",
          unseen,
        } as const;
        const { encoder, data } = TableEncoder.fitTransform(frame, spec);
        assert.deepEqual(data.features, encoder.transform(frame).features);
        assert.deepEqual(encoder.state(), TableEncoder.fit(frame, spec).state());
      },
    ),
    { numRuns: 300 },
  );
});
