import type { TableEncoder } from "../frame/encoder";
import type { Dataset } from "../matrix/dataset";
import { Squares } from "../matrix/squares";
import { writeEncoder } from "../pack/encoder-section";
import { codebookOf, spreadOut } from "../pack/spread";
import { type PackOptions, pack } from "../pack/write";
import { tidied } from "../quantize/codes";
import { withoutUnusedFeatures } from "../quantize/compact";
import { QuantizedModel, type QuantizedParts } from "../quantize/quantized";
import type { CompressedPoint } from "./compression";
import type { CrossValidated } from "./judge";
import { type CompressPlan, pooledName } from "./options";
import type { Candidate, Subject } from "./search";

/** A candidate as a model of the rows, with its file. */
export function pointOf(
  { setting, mu, start, step }: Candidate,
  rows: Dataset,
  { link }: Subject,
  crossValidated: CrossValidated,
  plan: CompressPlan,
): CompressedPoint {
  const { input, levels, lambda } = setting;
  const { data, compact } = input;
  const K = link === "binary" ? 1 : data.classes.length;
  const bits = Math.max(1, Math.ceil(Math.log2(step.model.levels.length)));
  const { positions, codes, scheme } = tidied(
    {
      positions: step.model.positions.map((at) => compact.columns[Math.floor(at / K)] * K + (at % K)),
      codes: step.model.codes,
      scheme: { kind: "codebook", bits, levels: step.model.levels },
    },
    K,
  );
  const { intercepts } = step.model;
  const { classes, featureNames } = data;
  const coded = { classes, link, featureNames, positions, codes, scheme, intercepts };
  const { model, packed } = packedOf(coded, input.name, rows, plan);
  return {
    ...{ model, packed, bytes: packed.length, nonzeros: model.nonzeros },
    ...{ input: input.name, levels, lambda, mu, start, effort: plan.effort },
    crossValidated,
  };
}

/** The model of what an input's weights are, and its file; of pooled pixels that of the pixels. */
function packedOf(
  coded: QuantizedParts,
  input: string,
  { columns, featureNames }: Dataset,
  { packing, pool }: CompressPlan,
): { model: QuantizedModel; packed: Uint8Array } {
  if (pool !== null && input === pooledName && coded.scheme.kind === "codebook") {
    const { positions, codes, scheme, intercepts } = coded;
    const squares = new Squares(columns, pool);
    const spread = spreadOut({ positions, codes, levels: scheme.levels }, intercepts.length, squares)!;
    const pixels = { ...coded, ...spread, featureNames, scheme: codebookOf(spread.levels) };
    const model = new QuantizedModel(pixels);
    return { model, packed: pack(model, { ...packing, pooling: pool }) };
  }
  const model = new QuantizedModel(coded);
  return { model, packed: smallest(model, input === "" ? packing : { ...packing, encoder: undefined }) };
}

/** Bytes of an encoder, as they are before they are coded, that pay for whatever the number of features may take. */
const surelyLess = 64;

/** The file of a model; columns of the table that it does not use leave its encoder where that makes it smaller. */
export function smallest(model: QuantizedModel, packing: PackOptions): Uint8Array {
  const { encoder } = packing;
  if (encoder === undefined) return pack(model, packing);
  const compact = withoutUnusedFeatures(model, encoder);
  if (compact.columns.length === model.features) return pack(model, packing);
  const smaller = pack(compact.model, { ...packing, encoder: compact.encoder! });
  const sizeOf = (of: TableEncoder) => writeEncoder(of.state()).length;
  if (sizeOf(encoder) - sizeOf(compact.encoder!) >= surelyLess) return smaller;
  const packed = pack(model, packing);
  return smaller.length < packed.length ? smaller : packed;
}
