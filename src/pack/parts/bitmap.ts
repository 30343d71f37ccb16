import { bitsOf, type Way } from "../stream/alternatives";
import { BitModels } from "../stream/learned";
import type { Stream } from "../stream/stream";
import { allowsBitmap, mostStride, type Shape } from "./shape";

/** What chances of a bit are learned by. */
interface Contexts {
  /** The distance of features that are neighbours, as the width of a picture; 0 for none, 1 for the feature before. */
  readonly stride: number;
  /** Whether it counts how many outputs of the feature have a weight already. */
  readonly row: boolean;
  /** Whether each output is a context. */
  readonly output: boolean;
  /** How fast old bits are forgotten: 0 not at all, up to 3. */
  readonly forgetting: number;
}

const limits = [2 ** 19, 1024, 256, 64];

/**
 * Codes places as a bitmap of the table, each bit with a chance learned from the bits around it: the same output of the
 * feature before, and of those a stride before and beside it; other outputs of the feature. Costs time for every place.
 */
export function bitmapOf(places: Uint32Array, shape: Shape): Way<Uint32Array> {
  let best: Contexts | undefined;
  return (stream) => {
    if (!stream.reading) best ??= bestContexts(places, shape);
    return codeBits(stream, places, shape, codeContexts(stream, best ?? plain, shape));
  };
}

const plain: Contexts = { stride: 0, row: false, output: false, forgetting: 0 };

function codeContexts(stream: Stream, wanted: Contexts, { outputs }: Shape): Contexts {
  const stride = stream.number(wanted.stride, mostStride);
  const forgetting = stream.uniform(wanted.forgetting, limits.length);
  if (outputs === 1) return { stride, row: false, output: false, forgetting };
  return { stride, row: stream.flag(wanted.row), output: stream.flag(wanted.output), forgetting };
}

function codeBits(
  stream: Stream,
  places: Uint32Array,
  { features, outputs }: Shape,
  { stride, row, output, forgetting }: Contexts,
): Uint32Array {
  const total = features * outputs;
  const share = places.length / total;
  const zeros = Math.max(1, Math.min(255, Math.round((1 - share) / share)));
  const ones = Math.max(1, Math.min(255, Math.round(share / (1 - share))));
  const models = new BitModels(18 * (output ? outputs : 1), limits[forgetting], zeros, ones);
  const bits = new Uint8Array(total);
  if (!stream.reading) for (const at of places) bits[at] = 1;
  const coded = new Uint32Array(places.length);
  let count = 0;
  for (let j = 0, at = 0; j < features; j++) {
    let inRow = 0;
    for (let k = 0; k < outputs; k++, at++) {
      let context = output ? 18 * k : 0;
      if (stride > 0 && j > 0) context += bits[at - outputs];
      if (stride > 1 && j > stride) {
        const above = at - stride * outputs;
        context += 2 * Math.min(2, bits[above - outputs] + bits[above] + bits[above + outputs]);
      }
      if (row) context += 6 * Math.min(2, inRow);
      const bit = stream.learned(bits[at], models, context);
      if (bit === 0) continue;
      if (count === coded.length) stream.wrong(`${count} places`);
      bits[at] = 1;
      coded[count++] = at;
      inRow++;
    }
  }
  return count === coded.length ? coded : stream.wrong(`${coded.length} places`);
}

/** Chosen one after another: stride, what else counts, forgetting. */
function bestContexts(places: Uint32Array, shape: Shape): Contexts {
  const cost = (contexts: Contexts) => bitsOf((s) => codeBits(s, places, shape, contexts));
  let best = plain;
  let least = cost(best);
  const consider = (change: Partial<Contexts>) => {
    const other = { ...best, ...change };
    const bits = cost(other);
    if (bits < least) [best, least] = [other, bits];
  };
  for (const stride of likelyStrides(places, shape)) consider({ stride });
  if (shape.outputs > 1) {
    consider({ row: true });
    consider({ output: true });
  }
  for (const forgetting of [1, 2, 3]) consider({ forgetting });
  return best;
}

/** 1, and the two distances at which most features with a weight have another with one. */
export function likelyStrides(places: Uint32Array, shape: Shape): number[] {
  if (!allowsBitmap(shape, places.length)) return [1];
  const { features, outputs } = shape;
  const set = new Uint8Array(features * outputs);
  for (const at of places) set[at] = 1;
  const farthest = Math.min(128, Math.floor(features / 3));
  const pairs = Array.from({ length: Math.max(0, farthest - 1) }, (_, i) => {
    const stride = i + 2;
    let count = 0;
    for (const at of places) if (at >= stride * outputs) count += set[at - stride * outputs];
    return { stride, count };
  });
  const likely = pairs.sort((a, b) => b.count - a.count || a.stride - b.stride).slice(0, 2);
  return [1, ...likely.map(({ stride }) => stride)];
}
