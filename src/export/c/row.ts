import type { Portable, PortableCategorical } from "../portable";
import { commentText, identifiers, lines } from "./literals";
import { widthOf } from "./places";
import type { Source } from "./source";

/** The fields of a row, by the columns that the model reads. */
export interface Fields {
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly text: readonly string[];
}

/** Distinct identifiers for the columns of a table. */
export function fieldsOf({ numeric, categorical, text }: Portable): Fields {
  const all = identifiers([...numeric, ...categorical, ...text].map(({ name }) => name));
  const levels = numeric.length + categorical.length;
  return {
    numeric: all.slice(0, numeric.length),
    categorical: all.slice(numeric.length, levels),
    text: all.slice(levels),
  };
}

/** Features beyond this number come as indices and values, else as an array. */
export const mostDense = 4096;

/** The declaration of `name_row`. */
export function rowType(p: Portable, fields: Fields, number: string): string {
  if (p.matrix !== null) {
    return p.matrix.features <= mostDense
      ? `/* A row is an array of ${p.matrix.features} features. */
typedef ${number} name_row;
`
      : `/* A row of ${p.matrix.features} features, those that are not zero: their numbers, each once, and values (NULL: ones). */
typedef struct {
  const uint32_t *indices;
  const ${number} *values;
  uint32_t count;
} name_row;
`;
  }
  const note = (name: string): string => ` /* ${commentText(name)} */`;
  return `/* A row of the table; only the columns that the model reads. */
typedef struct {
${[
  ...fields.numeric.map((f, i) => `  ${number} ${f};${note(p.numeric[i].name)}`),
  ...fields.categorical.map((f, i) => `  name_string ${f};${note(p.categorical[i].name)}`),
  ...fields.text.map((f, i) => `  name_string ${f};${note(p.text[i].name)}`),
  ...(p.numeric.length + p.categorical.length + p.text.length === 0 ? ["  uint8_t none;"] : []),
].join("\n")}
} name_row;
`;
}

/** The table of a column's levels and the number that each has, in the order of their UTF-8. */
export function levelTable(
  column: PortableCategorical,
  at: number,
): Source & { readonly order: readonly number[] } {
  const encoder = new TextEncoder();
  const sorted = column.levels
    .map((level, number) => ({ number, bytes: encoder.encode(level) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const ends: number[] = [];
  const all: number[] = [];
  for (const { bytes } of sorted) {
    for (const byte of bytes) all.push(byte);
    ends.push(all.length);
  }
  const width = widthOf(all.length + 1);
  return {
    order: sorted.map(({ number }) => number),
    bytes: all.length + width * ends.length,
    source: `static const uint8_t name_levels_${at}[] = {\n${lines(all.length === 0 ? [0] : all)}\n};
static const uint${8 * width}_t name_levels_${at}_ends[] = {\n${lines(ends.length === 0 ? [0] : ends)}\n};
static inline int32_t name_level_${at}(const name_string *level) {
  uint32_t from = 0, to = ${ends.length}u;
  while (from < to) {
    uint32_t half = (from + to) / 2, start = half == 0 ? 0u : name_levels_${at}_ends[half - 1];
    int order = name_compare(level, name_levels_${at} + start, name_levels_${at}_ends[half] - start);
    if (order == 0) return (int32_t)half;
    if (order > 0) from = half + 1;
    else to = half;
  }
  return -1;
}
`,
  };
}

/** The type of texts and levels, and their comparison. */
export const stringType = `/* UTF-8 and its number of bytes, which need not end in a NUL; bytes NULL where the value is missing. */
typedef struct {
  const char *bytes;
  uint32_t length;
} name_string;

`;

/** Compares a text with bytes. */
export const compareSource = `static inline int name_compare(const name_string *text, const uint8_t *bytes, uint32_t length) {
  uint32_t i, least = text->length < length ? text->length : length;
  for (i = 0; i < least; i++) {
    int difference = (int)(uint8_t)text->bytes[i] - (int)bytes[i];
    if (difference != 0) return difference;
  }
  return text->length == length ? 0 : text->length < length ? -1 : 1;
}
`;
