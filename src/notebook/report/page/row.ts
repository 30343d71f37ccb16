import { encodeFeatures } from "../../../frame/encode";
import type { EncoderState } from "../../../frame/encoder-state";
import { Pacer } from "../../../frame/pacer";
import type { Matrix } from "../../../matrix/sparse";
import { numbers } from "./base64";
import type { PagePayload } from "./payload";

/**
 * The features of a row that a reader fills in, encoded by the library's own encoder.
 * @param values one a field of the page
 * @throws as `TableEncoder.features`, where a value can't be encoded; `RangeError` for a feature that is no number
 */
export function featuresOf(
  { encoder, fields, columns }: Pick<PagePayload, "encoder" | "fields" | "columns">,
  values: readonly string[],
): (readonly [number, number])[] {
  if (encoder !== null) {
    const frame = Object.fromEntries(fields.map(({ name }, i) => [name, [values[i]]]));
    return entriesOf(encodeFeatures(encoder, frame, new Pacer({}, "encode", 1)));
  }
  const kept = numbers(columns);
  return values.map((text, i) => {
    const x = Math.fround(Number(text));
    if (text.trim() === "" || !Number.isFinite(x)) {
      throw new RangeError(`invalid value of ${fields[i].name}: ${JSON.stringify(text)}; expected a number.`);
    }
    return [kept[i], x] as const;
  });
}

/** The columns of an encoder, in the order in which their features stand, each once. */
export function columnsOfState({ numeric, categorical, text, blocks = [] }: EncoderState): string[] {
  const named = [...numeric, ...categorical, ...text].map(({ name }) => name);
  const more = blocks.flatMap((block) => ("names" in block ? [...block.names] : [block.name]));
  return [...new Set([...named, ...more])];
}

function entriesOf(matrix: Matrix): (readonly [number, number])[] {
  if (matrix.kind === "csr") {
    return Array.from(matrix.indices, (j, i) => [j, matrix.values === null ? 1 : matrix.values[i]] as const);
  }
  return Array.from(matrix.values, (x, j) => [j, x] as const);
}
