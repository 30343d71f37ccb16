import type { Portable } from "../portable";
import type { TextForm } from "./text-source";

/** What `name_predict` takes beside the tables, in bytes. */
interface Footprint {
  /** Code, without the compiler's own routines of floating point and of 64 bits. */
  readonly codeBytes: number;
  /** Stack, which is all the memory that is written. */
  readonly stackBytes: number;
}

/** Slots for different n-grams, unless defined otherwise. */
export const defaultSlots = 256;

/** Upper estimates for a Cortex-M0 by clang -Os, summed from what the parts of programs were measured to take. */
export function footprint(p: Portable, integer: boolean, form: TextForm): Footprint {
  const { outputs, numeric, bins, categorical, crosses, text, matrix } = p;
  const numbers = numeric.length;
  const texts = text.length === 0 ? 0 : (form === "unicode" ? 4500 : 1400) + 200 * text.length;
  const missing = [...categorical, ...crosses].filter((column) => column.missing !== null).length;
  const slots = text.length === 0 ? 0 : 8 * defaultSlots + (form === "unicode" ? 1300 : 160);
  return {
    codeBytes:
      80 +
      (outputs > 1 ? 100 : 0) +
      (matrix === null ? 0 : 250) +
      (numbers === 0 ? 0 : 100 + (integer ? 6 : 12) * numbers) +
      120 * bins.length +
      160 * categorical.length +
      80 * crosses.length +
      40 * missing +
      texts,
    stackBytes: 64 + 16 * outputs + (integer ? 1 : 8) * numbers + 8 * categorical.length + slots,
  };
}
