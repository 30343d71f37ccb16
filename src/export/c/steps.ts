import { fail } from "../../base/errors";
import type { Portable, PortableBins } from "../portable";
import { lines } from "./literals";
import type { Source } from "./source";
import type { Block } from "./table";

/** A step of `name_margins`, and the tables that it reads. */
interface Step {
  readonly table: Source;
  readonly body: string;
}

/** How a variant of C writes numbers. */
interface NumberForm {
  readonly type: string;
  /** The edges of the bins, as literals. */
  readonly edges: readonly (number | string)[];
  /** Whether a number is missing. */
  missing(x: string): string;
  readonly sums: string;
}

/** The step of `name_margins` for the bins of a number. */
export function binsStep({ column, edges }: PortableBins, b: number, form: NumberForm): Step {
  const x = `numbers[${column}]`;
  const count = edges.length;
  const search = `    while (bin < ${count}u && name_edges_${b}[bin] <= ${x}) bin++;\n`;
  const source =
    count === 0 ? "" : `static const ${form.type} name_edges_${b}[] = {\n${lines(form.edges)}\n};\n`;
  return {
    table: { source, bytes: count * (form.type === "name_real" ? 8 : 2) },
    body: `  {
    uint32_t bin = 0;
    if (${form.missing(x)}) bin = ${count + 1}u;
${count === 0 ? "" : `    else\n  ${search}`}    name_add_bins_${b}(bin, 1, ${form.sums});
  }`,
  };
}

/** What a missing level adds: a table, and the statement that adds it. */
export function missingLevel(
  name: string,
  added: readonly (number | string)[] | null,
  type: string,
): Source & { readonly body: string } {
  if (added === null) return { source: "", bytes: 0, body: "" };
  return {
    source: `static const ${type} name_${name}_missing[] = {\n${lines(added)}\n};\n`,
    bytes: added.length * (type === "name_real" ? 8 : 4),
    body: `for (k = 0; k < NAME_OUTPUTS; k++) SUMS[k] += name_${name}_missing[k];`,
  };
}

/** The step of `name_margins` for one column of categories; its level is kept for crosses, -1 unseen, -2 missing. */
export function levelStep(p: Portable, field: string, c: number, missing: string, sums: string): string {
  const { strict } = p.categorical[c];
  const none = p.missing === "error" ? "return NAME_MISSING;" : missing.replace("SUMS", sums);
  return `  levels[${c}] = row->${field}.bytes ? name_level_${c}(&row->${field}) : -2;
${none === "" ? "" : `  if (levels[${c}] == -2) ${none}\n`}${
  strict ? `  if (levels[${c}] == -1) return NAME_UNSEEN;\n` : ""
}  if (levels[${c}] >= 0) name_add_level_${c}((uint32_t)levels[${c}], 1, ${sums});`;
}

/** The step of `name_margins` for the tuples of several columns, whose levels are known by now. */
export function crossStep(p: Portable, c: number, missing: string, sums: string): string {
  const { columns } = p.crosses[c];
  const any = (test: string): string => columns.map((at) => `levels[${at}] ${test}`).join(" || ");
  const key = columns
    .slice(1)
    .reduce(
      (sum, at) => `(${sum}) * ${p.categorical[at].levels.length}u + (uint32_t)levels[${at}]`,
      `(uint32_t)levels[${columns[0]}]`,
    );
  const none = missing === "" ? "" : `  if (${any("== -2")}) ${missing.replace("SUMS", sums)}\n`;
  if (p.crosses[c].tuples.length === 0) return none.trimEnd();
  return `${none}  if (!(${any("< 0")})) name_add_cross_${c}(${key}, 1, ${sums});`;
}

/**
 * The weights of the tuples of a cross by one number a tuple.
 * @param orders the place of each level in the tables, by column
 * @param weights of the tuples, as the variant has them
 * @throws `unsupported-model` where the tuples that there could be are too many to number
 */
export function crossTable(
  p: Portable,
  c: number,
  orders: readonly (readonly number[])[],
  weights: Float64Array,
): Block {
  const { columns, tuples } = p.crosses[c];
  const { outputs } = p;
  const sizes = columns.map((at) => p.categorical[at].levels.length);
  const entries = sizes.reduce((product, size) => product * size, 1);
  if (entries * outputs > 2 ** 32 - 1) {
    fail("unsupported-model", {
      thing: "cross of columns for C",
      value: columns.map((at) => p.categorical[at].name).join(" & "),
      expected: "levels whose tuples a 32-bit number can count",
      remedy: "Pool rare levels, or cross fewer columns.",
    });
  }
  const places = columns.map((at) => {
    const place = new Uint32Array(orders[at].length);
    orders[at].forEach((level, i) => {
      place[level] = i;
    });
    return place;
  });
  const keyed = tuples
    .map((tuple, t) => [tuple.reduce((key, level, j) => key * sizes[j] + places[j][level], 0), t] as const)
    .sort(([a], [b]) => a - b);
  return {
    name: `cross_${c}`,
    entries,
    ids: keyed.map(([key]) => key),
    weights: Float64Array.from(
      keyed.flatMap(([, t]) => Array.from(weights.subarray(t * outputs, (t + 1) * outputs))),
    ),
    outputs,
  };
}

/** A table of weights whose entries all stand in order. */
export function wholeBlock(name: string, weights: Float64Array, outputs: number): Block {
  const entries = weights.length / outputs;
  return { name, entries, ids: Array.from({ length: entries }, (_, i) => i), weights, outputs };
}
