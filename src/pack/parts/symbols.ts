import { bitsOf, cheapest, oneOf, type Way } from "../stream/alternatives";
import { Frequencies } from "../stream/learned";
import type { Stream } from "../stream/stream";
import { likelyStrides } from "./bitmap";
import { mostStride } from "./shape";
import { type Context, type ContextKind, contextCount, contextKinds, contextsOf } from "./symbol-contexts";

/** What symbols a stream of codes has. */
interface Alphabet {
  /** Codes are below this. */
  readonly symbols: number;
  /** What the codes' chances may depend on. */
  readonly context: Context;
}

/** How chances are learned. */
interface Learning {
  /** The gain of a frequency is two to the power of this. */
  readonly gain: number;
  /** Low bits that are taken for random. */
  readonly low: number;
  readonly kind: ContextKind;
  /** For the kind `signs`: the distance of features that are neighbours, beside the feature before; 1 for none. */
  readonly stride: number;
}

/** The most frequencies that are learned. */
const mostFrequencies = 2 ** 20;
const gains = 4;

/**
 * Codes one code a stored weight: all as likely as each other, or by frequencies learned on the way, in contexts where
 * that takes fewer bits.
 */
export function codeSymbols(stream: Stream, codes: Uint16Array, alphabet: Alphabet): Uint16Array {
  const { symbols } = alphabet;
  if (codes.length === 0 || symbols === 1) return new Uint16Array(codes.length);
  if (symbols === 0) stream.wrong("a level");
  return oneOf([(s) => codes.map((code) => s.uniform(code, symbols)), learnedCodes(codes, alphabet)])(stream);
}

function learnedCodes(codes: Uint16Array, alphabet: Alphabet): Way<Uint16Array> {
  let best: Learning | undefined;
  return (stream) => {
    if (!stream.reading) best ??= bestLearning(codes, alphabet);
    return codeBy(stream, codes, alphabet, codeLearning(stream, best ?? first, alphabet));
  };
}

function codeLearning(stream: Stream, wanted: Learning, { symbols }: Alphabet): Learning {
  const width = Math.ceil(Math.log2(symbols));
  const kinds = contextKinds.length;
  const gain = stream.uniform(wanted.gain, gains);
  const low = stream.uniform(wanted.low, width);
  const kind = contextKinds[stream.uniform(contextKinds.indexOf(wanted.kind), kinds)];
  const stride = kind === "signs" ? stream.number(wanted.stride, mostStride) : 1;
  return { gain, low, kind, stride };
}

const first: Learning = { gain: 1, low: 0, kind: "none", stride: 1 };

function codeBy(
  stream: Stream,
  codes: Uint16Array,
  { symbols, context }: Alphabet,
  { gain, low, kind, stride }: Learning,
): Uint16Array {
  const unit = 2 ** low;
  const high = Math.ceil(symbols / unit);
  const count = contextCount(kind, context);
  if (count * high > mostFrequencies) stream.wrong(`at most ${mostFrequencies} frequencies`);
  const models: Frequencies[] = [];
  const coded = new Uint16Array(codes.length);
  const next = contextsOf({ kind, stride }, context, coded, symbols);
  for (let i = 0; i < codes.length; i++) {
    const at = next(i);
    models[at] ??= new Frequencies(high, 2 ** gain);
    const top = stream.symbol(Math.floor(codes[i] / unit), models[at]);
    const code = top * unit + (low > 0 ? stream.uniform(codes[i] % unit, unit) : 0);
    if (code >= symbols) stream.wrong(`codes below ${symbols}`);
    coded[i] = code;
  }
  return coded;
}

/** Chosen one after another: low bits, context, gain. Of many codes only a part is tried. */
function bestLearning(codes: Uint16Array, alphabet: Alphabet): Learning {
  const { symbols, context } = alphabet;
  const sample = codes.subarray(0, 2 ** 15);
  const width = Math.ceil(Math.log2(symbols));
  const fits = ({ kind, low }: Learning) =>
    contextCount(kind, context) * Math.ceil(symbols / 2 ** low) <= mostFrequencies;
  const best = (candidates: Learning[]) => {
    const allowed = candidates.filter(fits);
    const ways: Way<unknown>[] = allowed.map((learning) => (s) => codeBy(s, sample, alphabet, learning));
    return allowed[cheapest(ways)];
  };
  const lows = Array.from({ length: width }, (_, low) => low).filter(
    (low) => low === 0 || (low >= 2 && symbols / 2 ** low >= 8),
  );
  const low = best(lows.map((l) => ({ ...first, low: l })));
  const strides = likelyStrides(context.positions, context);
  const kind = best(
    contextKinds.flatMap((k) =>
      (k === "signs" ? strides : [1]).map((stride): Learning => ({ ...low, kind: k, stride })),
    ),
  );
  return best([1, 0, 2, 3].map((gain) => ({ ...kind, gain })));
}

/** The bits that codes take without contexts; for tests of the cost model. */
export function plainBits(codes: Uint16Array, symbols: number): number {
  const context: Context = {
    positions: new Uint32Array(codes.length),
    outputs: 1,
    features: codes.length,
    signs: null,
  };
  return bitsOf((s) => codeBy(s, codes, { symbols, context }, first));
}
