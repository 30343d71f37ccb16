import type { GoldenRow } from "../golden";
import type { Portable } from "../portable";
import { doubleLiteral, lines } from "./literals";
import { type Fields, levelTable, mostDense } from "./row";
import { testSource } from "./self-test";
import type { Source } from "./source";
import { binsStep, crossStep, crossTable, levelStep, missingLevel, wholeBlock } from "./steps";
import { weightTable } from "./table";

/** The intercepts with the means of the columns folded in, for weights rounded as they are stored. */
export function foldedIntercepts({ intercepts, numeric }: Portable): Float64Array {
  return intercepts.map((b, k) =>
    numeric.reduce((sum, { weights, mean, scale }) => sum - Math.fround(weights[k] / scale) * mean, b),
  );
}

/** Tables and `name_margins` in floating point. */
export function floatMargins(p: Portable, fields: Fields): Source {
  const { outputs, numeric, categorical, text, matrix } = p;
  const parts: string[] = [];
  let bytes = 8 * outputs;
  const add = ({ source, bytes: more }: Source): void => {
    parts.push(source);
    bytes += more;
  };
  parts.push(
    `static const name_real name_intercepts[] = {\n${lines(Array.from(foldedIntercepts(p), doubleLiteral))}\n};\n`,
  );
  const body: string[] = [];
  const orders: (readonly number[])[] = [];
  if (matrix !== null) {
    const dense = matrix.features <= mostDense;
    add(
      weightTable(
        {
          name: "features",
          entries: matrix.features,
          ids: matrix.columns,
          weights: matrix.weights,
          outputs,
        },
        false,
        dense,
      ),
    );
    body.push(
      dense
        ? "  name_all_features(row, margins);"
        : `  for (i = 0; i < row->count; i++) {
    if (row->indices[i] >= ${matrix.features}u) return NAME_INVALID;
    name_add_features(row->indices[i], row->values ? row->values[i] : (name_real)1, margins);
  }`,
    );
  }
  if (numeric.length > 0) {
    const weights = Float64Array.from(
      numeric.flatMap(({ weights: own, scale }) => Array.from(own, (w) => w / scale)),
    );
    const ids = Array.from(numeric.keys());
    add(weightTable({ name: "numbers", entries: ids.length, ids, weights, outputs }, false, true));
    const mean = p.missing === "mean";
    if (mean) {
      parts.push(
        `static const name_real name_means[] = {\n${lines(numeric.map((c) => doubleLiteral(c.mean)))}\n};\n`,
      );
      bytes += 8 * numeric.length;
    }
    body.push(
      ...fields.numeric.map((field, i) => `  numbers[${i}] = row->${field};`),
      ...p.bins.map((bins, b) => {
        const edges = bins.edges.map(doubleLiteral);
        const step = binsStep(bins, b, {
          type: "name_real",
          edges,
          missing: (x) => `${x} != ${x}`,
          sums: "margins",
        });
        add(step.table);
        add(weightTable(wholeBlock(`bins_${b}`, bins.weights, outputs), false, false));
        return step.body;
      }),
      `  for (i = 0; i < ${numeric.length}u; i++) {
    if (numbers[i] != numbers[i]) ${mean ? "numbers[i] = name_means[i]" : "return NAME_MISSING"};
    if (numbers[i] - numbers[i] != 0) return NAME_INVALID;
  }
  name_all_numbers(numbers, margins);`,
    );
  }
  categorical.forEach((column, c) => {
    const levels = levelTable(column, c);
    add(levels);
    const weights = Float64Array.from(
      levels.order.flatMap((l) => Array.from(column.weights.subarray(l * outputs, (l + 1) * outputs))),
    );
    const ids = Array.from(column.levels.keys());
    add(weightTable({ name: `level_${c}`, entries: ids.length, ids, weights, outputs }, false, false));
    orders.push(levels.order);
    const missing = missingLevel(
      `level_${c}`,
      column.missing && Array.from(column.missing, doubleLiteral),
      "name_real",
    );
    add(missing);
    body.push(levelStep(p, fields.categorical[c], c, missing.body, "margins"));
  });
  p.crosses.forEach((cross, c) => {
    const table = crossTable(p, c, orders, cross.weights);
    add(weightTable(table, false, false));
    const missing = missingLevel(
      `cross_${c}`,
      cross.missing && Array.from(cross.missing, doubleLiteral),
      "name_real",
    );
    add(missing);
    body.push(crossStep(p, c, missing.body, "margins"));
  });
  text.forEach((column, t) => {
    add(
      weightTable(
        {
          name: `text_${t}`,
          entries: 2 ** column.state.bits,
          ids: column.buckets,
          weights: column.weights,
          outputs,
        },
        false,
        false,
      ),
    );
    parts.push(floatText(p, t));
    body.push(`  status = name_read_${t}(&row->${fields.text[t]}, margins);
  if (status < 0) return status;`);
  });
  const loops = numeric.length > 0 || (matrix !== null && matrix.features > mostDense);
  parts.push(`
/* The margin of each output: 0, or a status below 0. */
static inline int name_margins(const name_row *row, name_real *margins) {
  uint32_t k;${loops ? "\n  uint32_t i;" : ""}${numeric.length > 0 ? `\n  name_real numbers[${numeric.length}];` : ""}${
    categorical.length > 0 ? `\n  int32_t levels[${categorical.length}];` : ""
  }${text.length > 0 ? "\n  int status;" : ""}
  for (k = 0; k < NAME_OUTPUTS; k++) margins[k] = name_intercepts[k];
${body.length === 0 ? "  (void)row;" : body.join("\n")}
  return 0;
}
`);
  return { source: parts.join(""), bytes };
}

/** The options of a text column as an initializer of `name_ngrams`. */
export function ngramsOf(p: Portable, t: number): string {
  const { seed, bits, ngrams, lowercase } = p.text[t].state;
  return `{${seed >>> 0}u, ${2 ** bits - 1}u, ${ngrams[0]}, ${ngrams[1]}, ${Number(lowercase)}}`;
}

function floatText(p: Portable, t: number): string {
  const { sublinear } = p.text[t].state;
  return `static inline int name_read_${t}(const name_string *text, name_real *margins) {
  static const name_ngrams how = ${ngramsOf(p, t)};
  name_slot slots[NAME_SLOTS];
  name_real sums[NAME_OUTPUTS], squares = 0;
  uint32_t i, low = 0, span = how.mask;
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
      name_real value = (name_real)slots[i].count;
      if (slots[i].count == 0) continue;
${sublinear ? "      value = 1 + (name_real)log((double)value);\n" : ""}      squares += value * value;
      name_add_text_${t}(slots[i].bucket, value, sums);
    }
    if (high == how.mask) break;
    low = high + 1;
    if (span < how.mask / 2) span = 2 * span + 1;
  }
  if (squares > 0)
    for (i = 0; i < NAME_OUTPUTS; i++) margins[i] += sums[i] / (name_real)sqrt((double)squares);
  return 0;
}
`;
}

/** `name_probabilities` and `name_predict` in floating point. */
export function floatLink({ link, cut }: Portable): string {
  const label = link === "binary" ? `  return margins[0] > ${doubleLiteral(cut)} ? 1 : 0;` : largest;
  return `${link === "softmax" ? "" : sigmoid}
/* The probability of each class: 0, or a status below 0. */
static inline int name_probabilities(const name_row *row, name_real *probabilities) {
  ${link === "binary" ? "name_real margins[1]" : "name_real sum = 0"};
${link === "ovr" ? "  uint32_t k;\n" : link === "softmax" ? "  name_real top;\n  uint32_t k;\n" : ""}${links[link]}
  return 0;
}

/* The number of the label, for name_labels, or a status below 0. */
static inline int name_predict(const name_row *row) {
  name_real margins[NAME_OUTPUTS];
  int status = name_margins(row, margins);
  if (status < 0) return status;
${label}
}
`;
}

const sigmoid = `
static inline name_real name_sigmoid(name_real margin) {
  double e = exp(margin < 0 ? (double)margin : -(double)margin);
  return (name_real)(margin < 0 ? e / (1 + e) : 1 / (1 + e));
}
`;

const largest = `  {
    int best = 0, k;
    for (k = 1; k < NAME_OUTPUTS; k++)
      if (margins[k] > margins[best]) best = k;
    return best;
  }`;

const links = {
  binary: `  int status = name_margins(row, margins);
  if (status < 0) return status;
  probabilities[0] = name_sigmoid(-margins[0]);
  probabilities[1] = name_sigmoid(margins[0]);`,
  ovr: `  int status = name_margins(row, probabilities);
  if (status < 0) return status;
  for (k = 0; k < NAME_OUTPUTS; k++) sum += probabilities[k] = name_sigmoid(probabilities[k]);
  for (k = 0; k < NAME_OUTPUTS; k++)
    probabilities[k] = sum > 0 ? probabilities[k] / sum : (name_real)1 / NAME_OUTPUTS;`,
  softmax: `  int status = name_margins(row, probabilities);
  if (status < 0) return status;
  top = probabilities[0];
  for (k = 1; k < NAME_OUTPUTS; k++)
    if (probabilities[k] > top) top = probabilities[k];
  for (k = 0; k < NAME_OUTPUTS; k++)
    sum += probabilities[k] = (name_real)exp((double)(probabilities[k] - top));
  for (k = 0; k < NAME_OUTPUTS; k++) probabilities[k] /= sum;`,
} as const;

/** `name_self_test` in floating point. */
export function floatTest(p: Portable, fields: Fields, rows: readonly GoldenRow[]): string {
  return testSource(p, fields, rows, {
    number: "name_real",
    valueOf: (x) => (Number.isNaN(x) ? "(name_real)NAN" : doubleLiteral(x)),
    probability: doubleLiteral,
    probabilityType: "double",
    output: "name_real",
    wrong: "!((double)found[k] - expected[k] < tolerance && expected[k] - (double)found[k] < tolerance)",
    tolerance: "  const double tolerance = sizeof(name_real) > 4 ? 1e-6 : 1e-4;\n",
  });
}
