import type { Portable } from "../portable";
import { ngramsOf } from "./float";
import type { IntegerModel } from "./integer-model";
import { lines } from "./literals";
import { type Fields, levelTable, mostDense } from "./row";
import type { Source } from "./source";
import { binsStep, crossStep, crossTable, levelStep, missingLevel, wholeBlock } from "./steps";
import { weightTable } from "./table";

/** Tables and `name_margins` in fixed point. */
export function integerMargins(p: Portable, m: IntegerModel, fields: Fields): Source {
  const { outputs, numeric, categorical, text, matrix } = p;
  const parts: string[] = ["typedef int64_t name_sum;\n"];
  let bytes = 4 * outputs;
  const add = ({ source, bytes: more }: Source): void => {
    parts.push(source);
    bytes += more;
  };
  parts.push(`static const int32_t name_intercepts[] = {\n${lines(m.intercepts)}\n};\n`);
  const body: string[] = [];
  const orders: (readonly number[])[] = [];
  if (matrix !== null) {
    const dense = matrix.features <= mostDense;
    const block = {
      name: "features",
      entries: matrix.features,
      ids: matrix.columns,
      weights: m.numbers,
      outputs,
    };
    add(weightTable(block, true, false));
    body.push(
      dense
        ? `  for (i = 0; i < ${matrix.features}u; i++)
    if (row[i] != 0) name_add_features(i, row[i] == -128 ? -127 : row[i], sums);`
        : `  for (i = 0; i < row->count; i++) {
    if (row->indices[i] >= ${matrix.features}u) return NAME_INVALID;
    name_add_features(row->indices[i], row->values ? row->values[i] : 127, sums);
  }`,
    );
  }
  if (numeric.length > 0) {
    const ids = Array.from(numeric.keys());
    add(weightTable({ name: "numbers", entries: ids.length, ids, weights: m.numbers, outputs }, true, false));
    body.push(
      ...fields.numeric.map((field, i) => `  numbers[${i}] = row->${field};`),
      ...p.bins.map((bins, b) => {
        const { edges, weights } = m.bins[b];
        const step = binsStep(bins, b, {
          type: "int16_t",
          edges,
          missing: (x) => `${x} == -128`,
          sums: "sums",
        });
        add(step.table);
        add(weightTable(wholeBlock(`bins_${b}`, weights, outputs), true, false));
        return step.body;
      }),
      `  for (i = 0; i < ${numeric.length}u; i++) {
    if (numbers[i] == -128) ${p.missing === "mean" ? "continue" : "return NAME_MISSING"};
    name_add_numbers(i, numbers[i], sums);
  }`,
    );
  }
  categorical.forEach((column, c) => {
    const levels = levelTable(column, c);
    add(levels);
    const weights = Float64Array.from(
      levels.order.flatMap((l) => Array.from(m.levels[c].subarray(l * outputs, (l + 1) * outputs))),
    );
    const ids = Array.from(column.levels.keys());
    add(weightTable({ name: `level_${c}`, entries: ids.length, ids, weights, outputs }, true, false));
    orders.push(levels.order);
    const missing = missingLevel(`level_${c}`, m.missing[c] && Array.from(m.missing[c]), "int32_t");
    add(missing);
    body.push(levelStep(p, fields.categorical[c], c, missing.body, "sums"));
  });
  p.crosses.forEach((_, c) => {
    add(weightTable(crossTable(p, c, orders, m.crosses[c]), true, false));
    const list = m.missingCrosses[c];
    const missing = missingLevel(`cross_${c}`, list && Array.from(list), "int32_t");
    add(missing);
    body.push(crossStep(p, c, missing.body, "sums"));
  });
  text.forEach((column, t) => {
    const block = {
      name: `text_${t}`,
      entries: 2 ** column.state.bits,
      ids: column.buckets,
      weights: m.text[t],
      outputs,
    };
    add(weightTable(block, true, false));
    parts.push(integerText(p, t));
    body.push(`  status = name_read_${t}(&row->${fields.text[t]}, sums);
  if (status < 0) return status;`);
  });
  const loops = numeric.length > 0 || matrix !== null;
  parts.push(`
/* The margin of each output times 2^${m.fraction}: 0, or a status below 0. */
static inline int name_margins(const name_row *row, int32_t *margins) {
  name_sum sums[NAME_OUTPUTS];
  uint32_t k;${loops ? "\n  uint32_t i;" : ""}${numeric.length > 0 ? `\n  int8_t numbers[${numeric.length}];` : ""}${
    categorical.length > 0 ? `\n  int32_t levels[${categorical.length}];` : ""
  }${text.length > 0 ? "\n  int status;" : ""}
  for (k = 0; k < NAME_OUTPUTS; k++) sums[k] = name_intercepts[k];
${body.length === 0 ? "  (void)row;" : body.join("\n")}
  for (k = 0; k < NAME_OUTPUTS; k++)
    margins[k] = sums[k] > INT32_MAX ? INT32_MAX : sums[k] < -INT32_MAX ? -INT32_MAX : (int32_t)sums[k];
  return 0;
}
`);
  return { source: parts.join(""), bytes };
}

function integerText(p: Portable, t: number): string {
  const { sublinear } = p.text[t].state;
  const value = sublinear
    ? `65536 + name_ln((uint32_t)slots[i].count)`
    : `(int32_t)(slots[i].count > 0x7fffffffu ? 0x7fffffffu : slots[i].count)`;
  return `static inline int name_read_${t}(const name_string *text, name_sum *margins) {
  static const name_ngrams how = ${ngramsOf(p, t)};
  name_slot slots[NAME_SLOTS];
  name_sum sums[NAME_OUTPUTS];
  uint64_t squares = 0, root;
  uint32_t i, low = 0, span = how.mask, shift = ${sublinear ? 0 : 16};
  for (i = 0; i < NAME_OUTPUTS; i++) sums[i] = 0;
  for (;;) {
    uint32_t high = how.mask - low < span ? how.mask : low + span;
    int status = name_count(text, &how, low, high, slots);
    if (status < 0) return NAME_TEXT;
    if (status == 0) {
      span /= 2;
      continue;
    }
    for (i = 0; i < NAME_SLOTS; i++) {
      int32_t value;
      if (slots[i].count == 0) continue;
      value = ${value};
      squares += (uint64_t)value * (uint64_t)value;
      name_add_text_${t}(slots[i].bucket, value, sums);
    }
    if (high == how.mask) break;
    low = high + 1;
    if (span < how.mask / 2) span = 2 * span + 1;
  }
  if (squares == 0) return 0;
  if (squares >> 32 != 0) shift = 0;
  root = name_root(squares << (2 * shift));
  for (i = 0; i < NAME_OUTPUTS; i++) margins[i] += sums[i] * ((name_sum)1 << shift) / (name_sum)root;
  return 0;
}
`;
}

/** What the texts of a fixed-point model need: logarithm of a count and root, both in 16 bits of fraction. */
export const integerTextMath = `/* ln(x) 2^16 for x >= 1, bit by bit: the square of a number in [1, 2) tells the next bit of its logarithm. */
static inline int32_t name_ln_fixed(uint64_t x, int32_t exponent) {
  uint32_t bit, log = 0;
  while (x >= (uint64_t)1 << 31) {
    x >>= 1;
    exponent++;
  }
  for (bit = 0; bit < 20; bit++) {
    x = (x * x) >> 30;
    log <<= 1;
    if (x >= (uint64_t)1 << 31) {
      x >>= 1;
      log |= 1;
    }
  }
  return (int32_t)((((int64_t)exponent * (1 << 20) + (int64_t)log) * 45426 + (1 << 19)) >> 20);
}
`;

/** The logarithm of a count, and the square root. */
export const integerCountMath = `static inline int32_t name_ln(uint32_t x) {
  return name_ln_fixed((uint64_t)x << 30, 0);
}

static inline uint64_t name_root(uint64_t x) {
  uint64_t root = 0, bit = (uint64_t)1 << 62;
  while (bit > x) bit >>= 2;
  for (; bit != 0; bit >>= 2) {
    if (x >= root + bit) {
      x -= root + bit;
      root = (root >> 1) + bit;
    } else root >>= 1;
  }
  return root;
}
`;

/** `name_probabilities` and `name_predict` in fixed point. */
export function integerLink(p: Portable, m: IntegerModel): string {
  const shift = 16 - m.fraction;
  const cut = Math.round(p.cut * 2 ** m.fraction);
  const label =
    p.link === "binary"
      ? `  return margins[0] > ${cut} ? 1 : 0;`
      : `  {
    int best = 0, k;
    for (k = 1; k < NAME_OUTPUTS; k++)
      if (margins[k] > margins[best]) best = k;
    return best;
  }`;
  return `
/* exp(-x 2^-16) 2^30: the whole part of the power of two is a shift, the rest the series of exp. */
static inline uint32_t name_exp(uint64_t x) {
  static const uint32_t terms[] = {16377, 165394, 1431680, 10327387, 59597083, 257941248, 744261118, 1073741824};
  uint64_t power, rest, sum;
  uint32_t i;
  if (x > (uint64_t)21 << 16) return 0;
  power = (x * 1549082005u) >> 16;
  rest = power & 0x3fffffffu;
  sum = terms[0];
  for (i = 1; i < 8; i++) sum = terms[i] - ((sum * rest) >> 30);
  return (uint32_t)(sum >> (power >> 30));
}

${p.link === "ovr" ? logSigmoid : ""}/* The probability of each class times 2^16: 0, or a status below 0. */
static inline int name_probabilities(const name_row *row, uint32_t *probabilities) {
  int32_t margins[NAME_OUTPUTS];
  int status = name_margins(row, margins);
${links(p.link, shift)}  return 0;
}

/* The number of the label, for name_labels, or a status below 0. */
static inline int name_predict(const name_row *row) {
  int32_t margins[NAME_OUTPUTS];
  int status = name_margins(row, margins);
  if (status < 0) return status;
${label}
}
`;
}

const logSigmoid = `/* ln(1 / (1 + exp(-x 2^-16))) 2^16. */
static inline int64_t name_log_sigmoid(int64_t x) {
  int64_t rest = name_ln_fixed(((uint64_t)1 << 30) + name_exp((uint64_t)(x < 0 ? -x : x)), 0);
  return x < 0 ? x - rest : -rest;
}

`;

function links(link: Portable["link"], shift: number): string {
  if (link === "binary") {
    return `  int64_t margin;
  uint64_t e;
  uint32_t likely;
  if (status < 0) return status;
  margin = (int64_t)margins[0] * ${2 ** shift};
  e = name_exp((uint64_t)(margin < 0 ? -margin : margin));
  likely = (uint32_t)((((uint64_t)1 << 46) / (((uint64_t)1 << 30) + e)));
  probabilities[0] = margin < 0 ? likely : 65536u - likely;
  probabilities[1] = 65536u - probabilities[0];
`;
  }
  const log = link === "ovr" ? "name_log_sigmoid(LOG)" : "LOG";
  return `  int64_t logs[NAME_OUTPUTS], top = INT64_MIN;
  uint64_t e[NAME_OUTPUTS], sum = 0;
  uint32_t k;
  if (status < 0) return status;
  for (k = 0; k < NAME_OUTPUTS; k++) {
    logs[k] = ${log.replace("LOG", `(int64_t)margins[k] * ${2 ** shift}`)};
    if (logs[k] > top) top = logs[k];
  }
  for (k = 0; k < NAME_OUTPUTS; k++) sum += e[k] = name_exp((uint64_t)(top - logs[k]));
  for (k = 0; k < NAME_OUTPUTS; k++) probabilities[k] = (uint32_t)(((e[k] << 16) + sum / 2) / sum);
`;
}
