import { fail } from "../base/errors";
import { roundToFloat16 } from "../quantize/float16";
import type { Scheme } from "../quantize/quantized";
import type { ByteReader } from "./byte-reader";
import { ByteWriter, type FloatWidth } from "./byte-writer";

const widths: readonly FloatWidth[] = [2, 4, 8];

/** The fewest bytes a number, 2, 4 or 8, that hold all `values` exactly. */
export function exactWidth(values: ArrayLike<number>): FloatWidth {
  const all = Array.from(values);
  if (all.every((v) => Object.is(roundToFloat16(v), v))) return 2;
  return all.every((v) => Object.is(Math.fround(v), v)) ? 4 : 8;
}

/** Throws `invalid-model` unless all are finite. */
export function checkStorable(values: ArrayLike<number>, thing: string): void {
  const wrong = Array.from(values).find((v) => !Number.isFinite(v));
  if (wrong !== undefined) {
    fail("invalid-model", { thing, value: wrong, expected: "a finite number within the stored precision" });
  }
}

/** Writes how codes decode: a byte of kind, bits and width, then scale and zero point, or the levels. */
export function writeLevels(scheme: Scheme): Uint8Array {
  const stored = scheme.kind === "uniform" ? [scheme.scale] : scheme.levels;
  checkStorable(stored, "level");
  const width = exactWidth(stored);
  const to = new ByteWriter();
  const kind = Number(scheme.kind === "codebook");
  to.byte(kind + 2 * (scheme.bits - 1) + 32 * widths.indexOf(width));
  if (scheme.kind === "uniform") {
    const doubled = 2 * scheme.zeroPoint;
    if (!Number.isInteger(doubled) || Math.abs(doubled) > 2 ** 32) {
      fail("unsupported-model", {
        thing: "zero point",
        value: scheme.zeroPoint,
        expected: "a multiple of one half up to 2^31",
      });
    }
    to.signed(doubled);
  }
  to.floats(stored, width);
  return to.toBytes();
}

/** Reads how codes decode. */
export function readLevels(from: ByteReader): Scheme {
  const head = from.byte();
  const width = widths[head >> 5] ?? from.wrong("numbers of 2, 4 or 8 bytes");
  const bits = ((head >> 1) & 15) + 1;
  if (head % 2 === 0) {
    const zeroPoint = from.signed() / 2;
    const scale = from.float(width);
    from.end();
    return { kind: "uniform", bits, scale, zeroPoint };
  }
  const levels = from.floats(Math.floor(from.left / width), width);
  from.end();
  return levels.length <= 2 ** bits
    ? { kind: "codebook", bits, levels }
    : from.wrong(`up to 2^${bits} levels`);
}
