import { type Parting, unitsOf } from "../quantize/parting";
import type { PlainScheme, Scheme } from "../quantize/schemes";
import { type Fields, fieldsOf, itemsOf, numberIn, oneOf, wrongJson } from "./json-fields";

/** One line of the weights. */
export interface WeightLine {
  /** The place in the `features x outputs` table. */
  readonly at: number;
  readonly line: Fields;
  readonly where: string;
}

/** How the codes of a JSON text decode. @throws `invalid-file` */
export function schemeOf(
  given: Fields,
  lines: readonly WeightLine[],
  features: number,
  outputs: number,
): Scheme {
  const schemes = itemsOf(given.schemes, "schemes").map((item, i) => plainOf(item, `schemes[${i}]`));
  if (given.parting === undefined) {
    if (schemes.length !== 1) wrongJson("schemes", schemes.length, "one, where there is no parting");
    return schemes[0];
  }
  const parting = partingOf(fieldsOf(given.parting, "parting"), lines, features, outputs);
  const { keys } = unitsOf(
    parting,
    Uint32Array.from(lines, ({ at }) => at),
    outputs,
  );
  if (schemes.length !== keys.length) {
    wrongJson("schemes", schemes.length, `${keys.length}, one for each part that has a weight`);
  }
  const bits = numberIn(fieldsOf(given.parting, "parting").bits, 1, 16, "parting.bits");
  return { kind: "parted", bits, parting, schemes };
}

function plainOf(item: unknown, where: string): PlainScheme {
  const own = fieldsOf(item, where);
  const bits = numberIn(own.bits, 1, 16, `${where}.bits`);
  const float = (name: string) =>
    numberIn(own[name], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, `${where}.${name}`, false);
  const kind = oneOf(own.kind, ["uniform", "codebook", "powerOfTwo", "float"], `${where}.kind`);
  if (kind === "uniform") return { kind, bits, scale: float("scale"), zeroPoint: float("zeroPoint") };
  if (kind === "powerOfTwo") return { kind, bits, scale: float("scale") };
  if (kind === "float") {
    return { kind, bits: 16, format: oneOf(own.format, ["float16", "bfloat16"], `${where}.format`) };
  }
  const levels = itemsOf(own.levels, `${where}.levels`).map((level, i) =>
    numberIn(level, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, `${where}.levels[${i}]`, false),
  );
  return { kind, bits, levels: Float64Array.from(levels) };
}

function partingOf(given: Fields, lines: readonly WeightLine[], features: number, outputs: number): Parting {
  const by = oneOf(given.by, ["class", "group", "block"], "parting.by");
  if (by === "class") return { by };
  if (by === "block") {
    return { by, size: numberIn(given.size, 1, Number.MAX_SAFE_INTEGER, "parting.size") };
  }
  const groups = new Uint32Array(features);
  for (const { at, line, where } of lines) {
    groups[Math.floor(at / outputs)] = numberIn(line.group, 0, 2 ** 32 - 1, `${where}.group`);
  }
  return { by, groups };
}
