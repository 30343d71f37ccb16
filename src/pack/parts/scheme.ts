import { fail } from "../../base/errors";
import { type Parting, unitsOf } from "../../quantize/parting";
import {
  type CodebookScheme,
  type PlainScheme,
  parametersOf,
  plainSchemes,
  type Scheme,
  type UniformScheme,
} from "../../quantize/schemes";
import type { Stream } from "../stream/stream";
import { codeFloats } from "./floats";
import { codeParting } from "./parting";
import type { Shape } from "./shape";

/** The kinds of scheme in the order of the format. */
const kinds = ["uniform", "codebook", "powerOfTwo", "float16", "bfloat16"] as const;
type Kind = (typeof kinds)[number];

/**
 * Codes how codes decode: kind, bits, what shares levels, then the zero points and scales or the levels of all parts. The
 * number of parts follows from the positions.
 * @param scheme the one to write; not looked at in reading
 */
export function codeScheme(stream: Stream, scheme: Scheme, positions: Uint32Array, shape: Shape): Scheme {
  const written = plainSchemes(scheme);
  const kind = kinds[stream.uniform(kinds.indexOf(written.length > 0 ? kindOf(written[0]) : "uniform"), 5)];
  const mostBits = kind === "powerOfTwo" ? 8 : 16;
  const isFloat = kind === "float16" || kind === "bfloat16";
  const bits = isFloat ? 16 : stream.uniform(scheme.bits - 1, mostBits) + 1;
  if (!stream.flag(scheme.kind === "parted")) return codePlain(stream, kind, bits, written, 1)[0];
  const wanted: Parting = scheme.kind === "parted" ? scheme.parting : { by: "class" };
  const parting = codeParting(stream, wanted, shape);
  const count = unitsOf(parting, positions, shape.outputs).keys.length;
  return { kind: "parted", bits, parting, schemes: codePlain(stream, kind, bits, written, count) };
}

function kindOf(scheme: PlainScheme): Kind {
  return scheme.kind === "float" ? scheme.format : scheme.kind;
}

function codePlain(
  stream: Stream,
  kind: Kind,
  bits: number,
  written: readonly PlainScheme[],
  count: number,
): PlainScheme[] {
  if (kind === "codebook") return codeCodebooks(stream, bits, written as CodebookScheme[], count);
  if (kind === "float16" || kind === "bfloat16") {
    return Array.from({ length: count }, () => ({ kind: "float", bits: 16, format: kind }));
  }
  const zeroPoints =
    kind === "uniform" ? codeZeroPoints(stream, bits, written as UniformScheme[], count) : [];
  const scales = codeFloats(
    stream,
    stream.reading ? new Float64Array(count) : parametersOfAll(written),
    "any",
  );
  return Array.from(scales, (scale, unit) =>
    kind === "uniform" ? { kind, bits, scale, zeroPoint: zeroPoints[unit] } : { kind, bits, scale },
  );
}

function parametersOfAll(schemes: readonly PlainScheme[]): Float64Array {
  return Float64Array.from(schemes.flatMap((scheme) => [...parametersOf(scheme)]));
}

/** The number of levels of each part, whether they ascend, then the levels of all. */
function codeCodebooks(
  stream: Stream,
  bits: number,
  written: readonly CodebookScheme[],
  count: number,
): PlainScheme[] {
  const most = 2 ** bits;
  const lengths = Array.from(
    { length: count },
    (_, unit) => most - stream.number(stream.reading ? 0 : most - written[unit].levels.length, most),
  );
  const ascending = stream.flag(
    !stream.reading && written.every(({ levels }) => levels.every((l, i) => i === 0 || l > levels[i - 1])),
  );
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (stream.reading && total > mostLevels) stream.wrong(`at most ${mostLevels} levels in all`);
  const levels = codeFloats(
    stream,
    stream.reading ? new Float64Array(total) : parametersOfAll(written),
    ascending ? lengths : "any",
  );
  let start = 0;
  return lengths.map((length) => {
    start += length;
    return { kind: "codebook", bits, levels: levels.slice(start - length, start) };
  });
}

/** The most levels of all parts together. */
const mostLevels = 2 ** 22;

/** Whether all lie half way between codes and are the middle; else twice each zero point. */
function codeZeroPoints(
  stream: Stream,
  bits: number,
  written: readonly UniformScheme[],
  count: number,
): number[] {
  const middle = (2 ** bits - 1) / 2;
  if (stream.flag(!stream.reading && written.every(({ zeroPoint }) => zeroPoint === middle))) {
    return new Array<number>(count).fill(middle);
  }
  return Array.from({ length: count }, (_, unit) => {
    const twice = stream.reading ? 0 : doubled(written[unit].zeroPoint);
    const zigzag = stream.number(twice < 0 ? -2 * twice - 1 : 2 * twice, 2 ** 34);
    const read = zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
    return Math.abs(read) <= 2 ** 32 ? read / 2 : stream.wrong("zero points up to 2^31");
  });
}

function doubled(zeroPoint: number): number {
  const twice = 2 * zeroPoint;
  if (Number.isInteger(twice) && Math.abs(twice) <= 2 ** 32) return twice;
  return fail("unsupported-model", {
    thing: "zero point",
    value: zeroPoint,
    expected: "a multiple of one half up to 2^31",
  });
}
