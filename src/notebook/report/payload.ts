import { Random } from "../../base/random";
import type { CompressedPoint } from "../../compress/compression";
import type { Frame } from "../../frame/columns";
import type { TableEncoder } from "../../frame/encoder";
import type { Dataset } from "../../matrix/dataset";
import { alignedTo } from "../../model/align";
import { columnExamples, columnFields } from "./column-fields";
import { featureExamples, featureFields } from "./feature-fields";
import type { PagePayload, PageRows } from "./page/payload";
import { rowEntries } from "./row-entries";

/** How a payload is made; see `LiveFrontOptions`. */
interface PayloadPlan {
  readonly encoder: TableEncoder | undefined;
  readonly examples: Frame | undefined;
  readonly rows: number;
  readonly seed: number;
}

/** All that a page needs to be alive. @throws as `liveFront` */
export function payloadOf(
  points: readonly CompressedPoint[],
  chosen: number,
  given: Dataset,
  { encoder, examples, rows, seed }: PayloadPlan,
): PagePayload {
  const { model } = points[chosen];
  const data = alignedTo(model, given);
  const columns = keptColumns(points);
  const names = Array.from(columns, (j) => model.featureNames.at(j));
  const state = encoder?.state() ?? null;
  const fields =
    state === null ? featureFields(columns, names, model, data) : columnFields(state, columns, examples);
  return {
    classes: model.classes.map(String),
    files: points.map(({ packed }) => base64(packed)),
    chosen,
    columns: base64(columns),
    names,
    rows: rowsOf(data, columns, rows, seed),
    encoder: state,
    fields,
    examples: state === null ? featureExamples(columns, data) : columnExamples(fields, examples),
  };
}

/** The features that any of the models has a weight for, ascending. */
function keptColumns(points: readonly CompressedPoint[]): Uint32Array {
  const kept = new Set<number>();
  for (const { model } of points) for (const at of model.positions) kept.add(Math.floor(at / model.outputs));
  return Uint32Array.from(kept).sort();
}

function rowsOf(data: Dataset, columns: Uint32Array, most: number, seed: number): PageRows {
  const order = Uint32Array.from({ length: data.rows }, (_, i) => i);
  const drawn = data.rows <= most ? order : new Random(seed).shuffle(order).slice(0, most).sort();
  const placeOf = new Map(Array.from(columns, (column, place) => [column, place]));
  const lengths: number[] = [];
  const places: number[] = [];
  const values: number[] = [];
  for (const row of drawn) {
    const before = places.length;
    for (const [column, x] of rowEntries(data.features, row)) {
      const place = placeOf.get(column);
      if (place === undefined || x === 0) continue;
      places.push(place);
      values.push(x);
    }
    lengths.push(places.length - before);
  }
  const { weights, labels } = data;
  return {
    count: drawn.length,
    of: data.rows,
    lengths: base64(Uint32Array.from(lengths)),
    places: base64(columns.length <= 2 ** 16 ? Uint16Array.from(places) : Uint32Array.from(places)),
    values: values.every((x) => x === 1) ? null : base64(Float32Array.from(values)),
    labels: base64(Uint16Array.from(drawn, (i) => labels[i])),
    weights: weights === null ? null : base64(Float64Array.from(drawn, (i) => weights[i])),
  };
}

function base64(array: Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}
