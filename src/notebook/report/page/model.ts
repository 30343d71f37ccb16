import { sigmoid, softmaxInPlace } from "../../../base/sigmoid";
import type { Link } from "../../../model/scorer";
import { readContent } from "../../../pack/content-reader";
import { decoded } from "../../../quantize/codes";

/** A model as a page has it: the weights that are not zero, by their places. */
export interface PageModel {
  /** How margins become probabilities. */
  readonly link: Link;
  /** The number of outputs. */
  readonly outputs: number;
  /** One intercept an output. */
  readonly intercepts: Float64Array;
  /** Where the weights stand in the `features x outputs` table, ascending. */
  readonly positions: Uint32Array;
  /** The weights. */
  readonly values: Float64Array;
  /** The weight at a place. */
  readonly table: ReadonlyMap<number, number>;
  /** Of two classes the second one is predicted where its margin is above this. */
  readonly cut: number;
}

/** The features of one row: column and value, those that are zero left out. */
type PageRow = Iterable<readonly [column: number, value: number]>;

/** What a model says of a row. */
interface PagePrediction {
  /** One an output. */
  readonly margins: Float64Array;
  /** One a class. */
  readonly probabilities: Float64Array;
  /** The number of the class. */
  readonly label: number;
}

/** The model in the bytes of a file, decoded by the library's own reader. @throws as `unpack` */
export function decodeModel(file: Uint8Array): PageModel {
  const { link, scheme, positions, codes, values, intercepts, decision } = readContent(file).content;
  const outputs = intercepts.length;
  const temperature = decision.temperature ?? 1;
  const threshold = decision.threshold ?? 0.5;
  const weights = scheme === null ? values : decoded({ positions, codes, scheme }, outputs);
  const divided = weights.map((w) => w / temperature);
  return {
    link,
    outputs,
    intercepts: intercepts.map((b) => b / temperature),
    positions,
    values: divided,
    table: new Map(Array.from(positions, (at, i) => [at, divided[i]])),
    cut: Math.log(threshold) - Math.log1p(-threshold),
  };
}

/** The margins of a row, their probabilities and the class. */
export function predictRow(
  { link, outputs, intercepts, table, cut }: PageModel,
  row: PageRow,
): PagePrediction {
  const margins = intercepts.slice();
  for (const [column, x] of row) {
    for (let k = 0; k < outputs; k++) margins[k] += x * (table.get(column * outputs + k) ?? 0);
  }
  if (link === "binary") {
    const [margin] = margins;
    const probabilities = Float64Array.of(sigmoid(-margin), sigmoid(margin));
    return { margins, probabilities, label: Number(margin > cut) };
  }
  return { margins, probabilities: shared(margins, link), label: margins.indexOf(Math.max(...margins)) };
}

function shared(margins: Float64Array, link: Link): Float64Array {
  const result = margins.slice();
  if (link === "softmax") {
    softmaxInPlace(result, 0, result.length);
    return result;
  }
  const each = result.map(sigmoid);
  const sum = each.reduce((a, b) => a + b, 0);
  return each.map((p) => (sum > 0 ? p / sum : 1 / each.length));
}
