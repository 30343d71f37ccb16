import { blockLayout } from "../../block-layout";
import { drawnOf } from "../../folds";
import { type Block, BlockRoom } from "./block-room";
import { inputRows, writeRow } from "./lines";
import type { SampleHeader } from "./messages";
import { blockText } from "./pack";

/**
 * Takes a sample of the rows of blocks, which come as for a round, and writes blocks `partition, number in it, rows that were
 * seen, rows, stored values, block`.
 */
export function sample(): void {
  let header: SampleHeader | null = null;
  let room: BlockRoom | null = null;
  let first = 0;
  for (const [part, sequence, rows, nonzeros, own, , block] of inputRows()) {
    if (block === undefined) throw new Error("a row has fewer fields than a block of rows");
    const at = Number(part.toString("latin1"));
    const seq = Number(sequence.toString("latin1"));
    if (seq === 0) {
      header = JSON.parse(own.toString()) as SampleHeader;
      room ??= new BlockRoom(header.columns, header.valued);
      first = header.firsts[at];
    }
    if (header === null || room === null) throw new Error(`partition ${at} comes without its first block`);
    const seen = Number(rows.toString("latin1"));
    const loaded = room.load(block, seen, Number(nonzeros.toString("latin1")), first);
    first += seen;
    const drawn = sampled(loaded, header);
    writeRow(at, seq, seen, drawn.rows, drawn.nonzeros, drawn.text);
  }
}

function sampled(
  { rows, first, labels, indices, values, pointers, weights }: Block,
  { seed, share, valued }: SampleHeader,
): { rows: number; nonzeros: number; text: string } {
  const chosen = Array.from({ length: rows }, (_, i) => i).filter(
    (i) => drawnOf({ seed, share }, first + i, 1) > 0,
  );
  const ends = new Uint32Array(chosen.length + 1);
  chosen.forEach((i, k) => {
    ends[k + 1] = ends[k] + pointers[i + 1] - pointers[i];
  });
  const nonzeros = ends[chosen.length];
  const places = new Uint32Array(nonzeros);
  const numbers = new Float32Array(valued ? nonzeros : 0);
  chosen.forEach((i, k) => {
    places.set(indices.subarray(pointers[i], pointers[i + 1]), ends[k]);
    if (valued) numbers.set(values.subarray(pointers[i], pointers[i + 1]), ends[k]);
  });
  const own = Float64Array.from(chosen, (i) => weights[i]);
  const classes = Uint32Array.from(chosen, (i) => labels[i]);
  const { bytes } = blockLayout(chosen.length, nonzeros, valued);
  return { rows: chosen.length, nonzeros, text: blockText([own, ends, classes, places, numbers], bytes) };
}
