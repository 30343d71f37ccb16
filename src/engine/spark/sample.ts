import { checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import { Dataset } from "../../matrix/dataset";
import { SparseMatrix } from "../../matrix/sparse";
import { blockLayout } from "../block-layout";
import type { Row } from "./client";
import type { ClusterRows } from "./cluster-plan";
import type { PackedShape } from "./rounds";
import type { SampleHeader } from "./worker/messages";

/** How rows are brought from a cluster. */
export interface SampleOptions {
  /** About how many, from 1. Default 100,000. */
  readonly rows?: number;
  /** By which they are drawn, with their numbers. Default 0. */
  readonly seed?: number;
}

/** The rows that were drawn of each block, as a cluster gives them. */
export interface SampledBlocks {
  readonly blocks: readonly Row[];
  readonly shape: Pick<PackedShape, "columns" | "valued" | "rows">;
}

/** The rows of a sample where none are told. */
export const usualSample = 100_000;
/** The most bytes that a sample may take here, of indices and values. */
const mostBytes = 2e9;

/** What to ask of the partitions for a sample. @throws `invalid-option`; `invalid-data` for one that would be too large */
export function sampleHeader(
  { columns, valued, rows, nonzeros, firsts }: PackedShape,
  { rows: wanted = usualSample, seed = 0 }: SampleOptions,
): SampleHeader {
  checkNumber(wanted, "rows of the sample", { integer: true, min: 1 });
  checkNumber(seed, "seed", { integer: true });
  const share = shareWanted(wanted, rows);
  const bytes = share * nonzeros * (valued ? 8 : 4);
  if (bytes > mostBytes) {
    fail("invalid-data", {
      thing: `sample of ${wanted} rows`,
      value: `${Math.ceil(bytes / 1e6)} MB`,
      expected: `at most ${mostBytes / 1e6} MB in this process`,
      remedy: `Take ${Math.floor((wanted * mostBytes) / bytes)} rows at most.`,
    });
  }
  return { columns, valued, firsts, seed, share };
}

/** The share of the rows that is drawn where so many are wanted. */
export function shareWanted(wanted: number, rows: number): number {
  return Math.min(1, wanted / rows);
}

/**
 * The rows of a sample, in the order of the table.
 * @throws `failed` where rows were lost; `empty-data` where none was drawn; `invalid-label` where a class has none
 */
export function sampleOf(
  { blocks, shape: { columns, valued, rows: whole } }: SampledBlocks,
  { classes, featureNames, scale }: Pick<ClusterRows, "classes" | "featureNames" | "scale">,
): Dataset {
  const sum = (name: string): number => blocks.reduce((all, row) => all + Number(row[name]), 0);
  if (sum("seen") !== whole) {
    fail("failed", {
      thing: "rows seen for a sample",
      value: sum("seen"),
      expected: String(whole),
      remedy: "Look into the executors' logs for what ended a worker early.",
    });
  }
  const rows = sum("size");
  if (rows === 0) {
    fail("empty-data", {
      thing: "sample",
      value: "0 rows",
      expected: "at least one",
      remedy: "Take more rows.",
    });
  }
  const pointers = new Uint32Array(rows + 1);
  const indices = new Uint32Array(sum("nonzeros"));
  const values = valued ? new Float32Array(indices.length) : null;
  const labels = new Uint32Array(rows);
  const weights = new Float64Array(rows);
  let at = 0;
  for (const block of [...blocks].sort(byPlace)) {
    const own = Number(block.size);
    const nonzeros = Number(block.nonzeros);
    const layout = blockLayout(own, nonzeros, valued);
    const bytes = new Uint8Array(layout.bytes);
    bytes.set(Buffer.from(String(block.block), "base64"));
    const { buffer } = bytes;
    const from = pointers[at];
    weights.set(new Float64Array(buffer, layout.weights, own), at);
    labels.set(new Uint32Array(buffer, layout.labels, own), at);
    indices.set(new Uint32Array(buffer, layout.indices, nonzeros), from);
    values?.set(new Float32Array(buffer, layout.values, nonzeros), from);
    new Uint32Array(buffer, layout.pointers, own + 1).forEach((end, i) => {
      pointers[at + i] = from + end;
    });
    at += own;
  }
  return Dataset.from({
    features: new SparseMatrix(rows, columns, pointers, indices, values),
    labels: Array.from(labels, (k) => classes[k]),
    classes,
    featureNames,
    ...(weights.every((weight) => weight === 1) ? {} : { weights }),
    ...(scale === null ? {} : { scale }),
  });
}

function byPlace(a: Row, b: Row): number {
  return Number(a.part) - Number(b.part) || Number(a.seq) - Number(b.seq);
}
