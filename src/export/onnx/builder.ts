import { textWidth } from "../../frame/encoder-state";
import { featureScales } from "../c/integer-model";
import { mostDense } from "../c/row";
import type { Portable } from "../portable";
import { scattered } from "../table";
import type { Graph } from "./graph";
import { type Rounded, roundedWeights } from "./rounded";

/** Adds what the columns of a model add to its margins, each as a value of doubles, N x outputs. */
export class Builder {
  usesMl = false;
  #bounds: Float64Array;
  /** The numbers of the levels of each column of categories. */
  readonly #numbers: string[] = [];

  constructor(
    readonly graph: Graph,
    readonly p: Portable,
    readonly range: number | null,
  ) {
    this.#bounds = new Float64Array(p.outputs);
  }

  get marginBound(): number {
    // The rest is for sums of 32-bit floats.
    return Math.max(...this.#bounds) + 1e-5;
  }

  numbers(): string[] {
    const { graph, p } = this;
    const columns = p.numeric.map(({ name }) => graph.input(name, "double", ["N", 1]));
    let x = columns.length === 1 ? columns[0] : graph.node("Concat", columns, { axis: { int: 1 } });
    const means = graph.constant(
      "double",
      [1, columns.length],
      p.numeric.map(({ mean }) => mean),
    );
    if (p.missing === "mean") x = graph.node("Where", [graph.node("IsNaN", [x]), means, x]);
    // What is infinite or missing still makes the whole row NaN.
    const taint = this.#rowSum(graph.node("Sub", [x, x]));
    const scales = p.numeric.map(({ scale }) => scale);
    const weights = Float64Array.from(p.numeric.flatMap(({ weights: own }) => Array.from(own)));
    if (this.range === null) {
      // Scaling goes into the weights: (x - mean) / scale times w is x - mean times w / scale.
      const folded = weights.map((w, i) => Math.fround(w / scales[Math.floor(i / p.outputs)]));
      const table = this.#doubles(graph.constant("float", [columns.length, p.outputs], folded));
      return [graph.node("MatMul", [graph.node("Sub", [x, means]), table]), taint];
    }
    const z = graph.node("Div", [
      graph.node("Sub", [x, means]),
      graph.constant("double", [1, columns.length], scales),
    ]);
    const calm = graph.node("Where", [graph.node("IsNaN", [z]), graph.constant("double", [], [0]), z]);
    const single = graph.node("Cast", [calm], { to: { int: 1 } });
    return [this.#quantizedProduct(single, weights, this.range / 127, this.range), taint];
  }

  bins(b: number): string {
    const { graph, p } = this;
    const { column, edges, weights } = p.bins[b];
    const x = p.numeric[column].name;
    const least = graph.constant("double", [1, edges.length], edges);
    const above =
      edges.length === 0
        ? graph.node("Cast", [this.#rowZeros(graph.node("Sub", [x, x]))], { to: { int: 7 } })
        : graph.node(
            "ReduceSum",
            [
              graph.node("Cast", [graph.node("GreaterOrEqual", [x, least])], { to: { int: 7 } }),
              graph.constant("int64", [1], [1]),
            ],
            { keepdims: { int: 1 } },
          );
    const last = graph.constant("int64", [], [edges.length + 1]);
    const bin = graph.node("Where", [graph.node("IsNaN", [x]), last, above]);
    return this.#row(weights, edges.length + 2, bin);
  }

  /** The weights of a level. A missing one is an empty text, unless that is a level. */
  levels(c: number): string {
    const { graph, p } = this;
    const { name, levels, weights, missing, strict } = p.categorical[c];
    const input = graph.input(name, "string", ["N", 1]);
    const asked = missing !== null || p.crosses.some((x) => x.missing !== null && x.columns.includes(c));
    const gone = asked && !levels.includes("");
    const known = gone ? [...levels, ""] : levels;
    const number = graph.node(
      "LabelEncoder",
      [input],
      {
        keys_strings: known.length === 0 ? [""] : known,
        values_int64s: known.length === 0 ? [0n] : known.map((_, l) => BigInt(l)),
        default_int64: { int: known.length },
      },
      { domain: "ai.onnx.ml" },
    );
    this.#numbers[c] = number;
    const own = gone ? Float64Array.from([...weights, ...(missing ?? new Float64Array(p.outputs))]) : weights;
    const row = this.#row(own, known.length, number);
    if (!strict) return row;
    const unseen = graph.node("Equal", [number, graph.constant("int64", [], [known.length])]);
    const invalid = graph.constant("double", [], [Number.NaN]);
    return graph.node("Where", [unseen, invalid, row]);
  }

  /** The weights of a tuple, by one number of its levels' numbers. */
  cross(c: number): string {
    const { graph, p } = this;
    const { columns, tuples, weights, missing } = p.crosses[c];
    // Beside the levels there are the missing and the unseen one.
    const sizes = columns.map((at) => p.categorical[at].levels.length + 2);
    const key = columns
      .slice(1)
      .reduce(
        (sum, at, j) =>
          graph.node("Add", [
            graph.node("Mul", [sum, graph.constant("int64", [], [sizes[j + 1]])]),
            this.#numbers[at],
          ]),
        this.#numbers[columns[0]],
      );
    const keys = tuples.map((tuple) =>
      tuple.reduce((sum, level, j) => sum * BigInt(sizes[j]) + BigInt(level), 0n),
    );
    const number = graph.node(
      "LabelEncoder",
      [key],
      {
        keys_int64s: keys.length === 0 ? [-1n] : keys,
        values_int64s: keys.length === 0 ? [0n] : keys.map((_, t) => BigInt(t)),
        default_int64: { int: keys.length },
      },
      { domain: "ai.onnx.ml" },
    );
    const row = this.#row(weights, tuples.length, number);
    if (missing === null) return row;
    const gone = columns
      .filter((at) => !p.categorical[at].levels.includes(""))
      .map((at) => {
        const none = graph.constant("int64", [], [p.categorical[at].levels.length]);
        return graph.node("Equal", [this.#numbers[at], none]);
      });
    if (gone.length === 0) return row;
    const added = graph.constant("double", [1, p.outputs], missing);
    const none = graph.constant("double", [1, p.outputs], new Float64Array(p.outputs));
    return graph.node("Sum", [
      row,
      graph.node("Where", [gone.reduce((a, b) => graph.node("Or", [a, b])), added, none]),
    ]);
  }

  #row(weights: Float64Array, entries: number, number: string): string {
    const rows = this.#gathered(weights, entries, number, (errors) => largest(errors));
    return this.graph.node("Squeeze", [rows, this.graph.constant("int64", [1], [1])]);
  }

  text(t: number): string {
    const { name, state, buckets, weights } = this.p.text[t];
    return this.#sparse(`${name}/buckets`, `${name}/values`, textWidth(state), buckets, weights, 1);
  }

  features(examples: Parameters<typeof featureScales>[1]): string {
    const { graph, p, range } = this;
    const { features, columns, weights } = p.matrix!;
    const scales = range === null ? [] : featureScales(p, examples);
    const span = scales.map(({ step }) => 127 * step);
    if (features > mostDense) {
      const most = span.reduce((a, b) => Math.max(a, b), 0);
      return this.#sparse("indices", "values", features, columns, weights, most);
    }
    const input = graph.input("features", "float", ["N", features]);
    if (columns.length === 0) return graph.node("Cast", [this.#rowZeros(input)], { to: { int: 11 } });
    const all = columns.length === features;
    const x = all
      ? input
      : graph.node("Gather", [input, graph.constant("int64", [columns.length], columns)], {
          axis: { int: 1 },
        });
    if (range === null) {
      const table = this.#doubles(graph.constant("float", [columns.length, p.outputs], weights));
      return graph.node("MatMul", [this.#doubles(x), table]);
    }
    const steps = scales.map(({ step }) => step * 127);
    const unit = graph.node("Div", [x, graph.constant("float", [1, columns.length], steps)]);
    const folded = weights.map((w, i) => w * steps[Math.floor(i / p.outputs)]);
    return this.#quantizedProduct(unit, folded, 1 / 127, 1);
  }

  rowsWithoutColumns(): string {
    const rows = this.graph.input("rows", "double", ["N", 1]);
    return this.graph.node("Sub", [rows, rows]);
  }

  #sparse(
    indices: string,
    values: string,
    entries: number,
    ids: Uint32Array,
    weights: Float64Array,
    largestValue: number,
  ): string {
    const { graph } = this;
    // A name of its own: sizes of one name are one size, and columns of text differ.
    const length = `L of ${indices}`;
    const index = graph.input(indices, "int64", ["N", length]);
    const value = graph.input(values, "float", ["N", length]);
    // Where most entries have a weight, a row of zeros for each other one is less than a number for each that has.
    const whole = 2 * ids.length > entries;
    this.usesMl ||= !whole;
    const number = whole
      ? index
      : graph.node(
          "LabelEncoder",
          [index],
          {
            keys_int64s: Array.from(ids, BigInt),
            values_int64s: Array.from(ids, (_, i) => BigInt(i)),
            default_int64: { int: ids.length },
          },
          { domain: "ai.onnx.ml" },
        );
    const own = whole ? scattered(weights, ids, entries, this.p.outputs) : weights;
    const rows = this.#gathered(own, whole ? entries : ids.length, number, (errors) =>
      // Shares of a text have the norm 1; other values are at most as large as the examples'.
      largestValue === 1
        ? Math.sqrt(errors.reduce((a, b) => a + b * b, 0))
        : largestValue * errors.reduce((a, b) => a + b, 0),
    );
    const spread = graph.node("Unsqueeze", [this.#doubles(value), graph.constant("int64", [1], [2])]);
    const products = graph.node("Mul", [rows, spread]);
    return graph.node("ReduceSum", [products, graph.constant("int64", [1], [1])], { keepdims: { int: 0 } });
  }

  /** Rows of a table by numbers; the number after the last is a row of zeros. */
  #gathered(
    weights: Float64Array,
    rows: number,
    number: string,
    bound: (errors: Float64Array) => number,
  ): string {
    const { graph, p, range } = this;
    const padded = new Float64Array((rows + 1) * p.outputs);
    padded.set(weights);
    if (range === null) {
      const table = graph.constant("float", [rows + 1, p.outputs], padded);
      return this.#doubles(graph.node("Gather", [table, number], { axis: { int: 0 } }));
    }
    const rounded = this.#rounded(padded, bound);
    const table = graph.constant("int8", [rows + 1, p.outputs], rounded.codes);
    const codes = graph.node("Gather", [table, number], { axis: { int: 0 } });
    const scales = graph.constant("float", [p.outputs], rounded.scales);
    const zeros = graph.constant("int8", [p.outputs], new Int8Array(p.outputs));
    return this.#doubles(graph.node("DequantizeLinear", [codes, scales, zeros], { axis: { int: 2 } }));
  }

  #quantizedProduct(x: string, weights: Float64Array, step: number, span: number): string {
    const { graph, p } = this;
    // Where a processor has no instruction for it, onnxruntime adds pairs of products in 16 bits, which 8-bit weights overflow.
    const rounded = this.#rounded(weights, (errors) => span * errors.reduce((a, b) => a + b, 0), 63);
    const scale = graph.constant("float", [], [step]);
    const zero = graph.constant("int8", [], [0]);
    const cut = graph.node("Clip", [
      x,
      graph.constant("float", [], [-127 * step]),
      graph.constant("float", [], [127 * step]),
    ]);
    const code = graph.node("QuantizeLinear", [cut, scale, zero]);
    const value = graph.node("DequantizeLinear", [code, scale, zero]);
    const table = graph.constant("int8", [weights.length / p.outputs, p.outputs], rounded.codes);
    const scales = graph.constant("float", [p.outputs], rounded.scales);
    const zeros = graph.constant("int8", [p.outputs], new Int8Array(p.outputs));
    const factors = graph.node("DequantizeLinear", [table, scales, zeros], { axis: { int: 1 } });
    return this.#doubles(graph.node("MatMul", [value, factors]));
  }

  #rounded(weights: Float64Array, bound: (errors: Float64Array) => number, most = 127): Rounded {
    const rounded = roundedWeights(weights, this.p.outputs, most);
    for (let k = 0; k < this.p.outputs; k++) {
      this.#bounds[k] += bound(rounded.errors.filter((_, i) => i % this.p.outputs === k));
    }
    return rounded;
  }

  #doubles(x: string): string {
    return this.graph.node("Cast", [x], { to: { int: 11 } });
  }

  #rowSum(x: string): string {
    return this.graph.node("ReduceSum", [x, this.graph.constant("int64", [1], [1])], {
      keepdims: { int: 1 },
    });
  }

  #rowZeros(x: string): string {
    return this.#rowSum(this.graph.node("Sub", [x, x]));
  }
}

function largest(list: Float64Array): number {
  return list.reduce((a, b) => Math.max(a, b), 0);
}
