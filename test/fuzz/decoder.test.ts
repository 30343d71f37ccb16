import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LogitpressError } from "../../src/base/errors";
import { TableEncoder } from "../../src/frame/encoder";
import { LinearModel } from "../../src/model/linear";
import { crc32 } from "../../src/pack/crc32";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { evidence } from "../model/evidence";
import { floatModels, linearParts, quantizedModels } from "../pack/models";

const decoderErrors = ["invalid-file", "unsupported-version", "truncated-file", "corrupt-file"];

/** Reads `bytes`; returns the code of the error. Anything but a decoder's error or success fails the test. */
function outcome(bytes: Uint8Array): string {
  try {
    unpack(bytes);
    return "read";
  } catch (error) {
    assert.ok(error instanceof LogitpressError, String((error as Error).stack));
    assert.ok(decoderErrors.includes(error.code), `${error.code}: ${error.message}`);
    return error.code;
  }
}

function resealed(bytes: Uint8Array): Uint8Array {
  const sealed = bytes.slice();
  const end = sealed.length - 4;
  if (end > 0) new DataView(sealed.buffer).setUint32(end, crc32(sealed.subarray(0, end)), true);
  return sealed;
}

const encoder = TableEncoder.fromState({
  label: "y",
  classes: ["a", "b"],
  numeric: [{ name: "n", mean: 1, scale: 2 }],
  categorical: [{ name: "c", levels: ["p", "q"] }],
  text: [{ name: "t", bits: 2, seed: 0, ngrams: [1, 2], sublinear: true, lowercase: true }],
  missing: "error",
  unseen: "zero",
});

const withEncoder = pack(
  new LinearModel(
    {
      link: "binary",
      classes: ["a", "b"],
      ...linearParts(7, new Float64Array(7).fill(1), Float64Array.of(0)),
    },
    evidence,
    1,
  ),
  { encoder, featureNames: true, provenance: { seed: "1" } },
);

const files = fc.oneof(
  fc.oneof(quantizedModels, floatModels).map((model) => pack(model)),
  floatModels.map((model) => pack(model, { featureNames: true })),
  fc.constant(withEncoder),
);

test("every flipped bit and every cut of a small file is noticed", () => {
  const drawn = fc.sample(files, { numRuns: 40, seed: 5 }).filter(({ length }) => length < 300);
  const small = drawn.slice(0, 8);
  assert.equal(small.length, 8);
  for (const file of [withEncoder, ...small]) {
    assert.equal(outcome(file), "read");
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const flipped = file.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      assert.notEqual(outcome(flipped), "read", `bit ${bit}`);
    }
    for (let length = 0; length < file.length; length++) {
      const cut = outcome(file.subarray(0, length));
      assert.equal(cut, length === 0 ? "invalid-file" : "truncated-file");
    }
    assert.equal(outcome(Uint8Array.of(...file, 0)), "corrupt-file");
  }
});

test("mutated files give a typed error, also where the checksum is set right", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
  let readable = 0;
  fc.assert(
    fc.property(files, edits, fc.boolean(), (file, changes, seal) => {
      const mutated = file.slice();
      for (const [at, byte] of changes) mutated[at % mutated.length] = byte;
      const changed = mutated.some((byte, at) => byte !== file[at]);
      const result = outcome(seal ? resealed(mutated) : mutated);
      if (changed && !seal) assert.notEqual(result, "read");
      if (changed && seal && result === "read") readable++;
    }),
    { numRuns: 6000, seed: 6 },
  );
  assert.ok(readable > 0, "some sealed changes, as of a level, must read, or the test stops at the checksum");
});

test("cut, doubled and random bytes give a typed error", () => {
  const start = Uint8Array.of(0x8c, 0x4c, 0x47, 1);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, framed) => {
      const result = outcome(framed ? resealed(Uint8Array.of(...start, ...bytes)) : bytes);
      assert.ok(framed || result !== "read");
    }),
    { numRuns: 3000, seed: 7 },
  );
  fc.assert(
    fc.property(files, fc.nat(), fc.nat(), (file, from, to) => {
      const [a, b] = [from % file.length, to % file.length];
      outcome(Uint8Array.of(...file.subarray(0, a), ...file.subarray(b)));
      outcome(resealed(Uint8Array.of(...file.subarray(0, a), ...file.subarray(b))));
    }),
    { numRuns: 1500, seed: 8 },
  );
});

test("random payloads behind a right list of sections and a right checksum give a typed error", () => {
  const payload = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(fc.nat(127), fc.array(payload, { minLength: 8, maxLength: 8 }), (present, payloads) => {
      const used = payloads.filter((_, i) => i === 0 || (present >> (i - 1)) & 1);
      const lengths = used.map(({ length }) => length);
      const body = used.flatMap((bytes) => [...bytes]);
      outcome(resealed(Uint8Array.of(0x8c, 0x4c, 0x47, 1, present, ...lengths, ...body, 0, 0, 0, 0)));
    }),
    { numRuns: 3000, seed: 9 },
  );
});
