import assert from "node:assert/strict";
import { LogitpressError } from "../../src/base/errors";
import { crc32 } from "../../src/pack/crc32";
import { ledger } from "../../src/pack/ledger";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";

const decoderErrors = ["invalid-file", "unsupported-version", "truncated-file", "corrupt-file"];

/**
 * Reads `bytes` and returns `read` or the code of the error. Anything but a decoder's error fails, and so does a model
 * that is read but is none: one that can't be scored, accounted for, or written and read again.
 */
export function outcome(bytes: Uint8Array): string {
  let model: ReturnType<typeof unpack>;
  try {
    model = unpack(bytes);
  } catch (error) {
    assert.ok(error instanceof LogitpressError, String((error as Error).stack));
    assert.ok(decoderErrors.includes(error.code), `${error.code}: ${error.message}`);
    return error.code;
  }
  const { sections } = ledger(model);
  assert.equal(
    sections.reduce((sum, part) => sum + part.bytes, 0),
    bytes.length,
  );
  if (model.features * model.outputs > 4096) return "read";
  assert.ok(model.weights.every(Number.isFinite));
  assert.ok(model.intercepts.every(Number.isFinite));
  const again = unpack(pack(model));
  assert.deepEqual(again.weights, model.weights);
  assert.deepEqual(again.intercepts, model.intercepts);
  assert.deepEqual(again.classes, model.classes);
  return "read";
}

/** The same bytes with a checksum that is right. */
export function resealed(bytes: Uint8Array): Uint8Array {
  const sealed = bytes.slice();
  const end = sealed.length - 4;
  if (end > 0) new DataView(sealed.buffer).setUint32(end, crc32(sealed.subarray(0, end)), true);
  return sealed;
}
