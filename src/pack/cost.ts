import { checkNumber } from "../base/check";
import { checkList } from "../base/shape";
import type { Scorer } from "../model/scorer";
import { fromFloat16Bits } from "../quantize/float16";
import type { Part } from "./content";
import { codeFloats } from "./parts/floats";
import { unpack } from "./read";
import { bitsOf } from "./stream/alternatives";
import { pack } from "./write";

/**
 * The bits that the positions of `count` random weights among `total` take: log2 of the number of such supports. What is
 * stored is within 0.1 %, two bits and a thousandth of a bit a weight of it, or less where the support has a pattern.
 */
export function supportBits(count: number, total: number): number {
  return (logGamma(total + 1) - logGamma(count + 1) - logGamma(total - count + 1)) / Math.LN2;
}

/** What one weight more than `count` adds to {@link supportBits}. */
export function supportStep(count: number, total: number): number {
  return Math.log2((total - count) / (count + 1));
}

/**
 * The bits of symbols coded by frequencies that are learned on the way, each from 1/2 on (Krichevsky and Trofimov, 1981).
 * They depend on the counts alone, not on the order, so a change of one symbol costs no more than a look-up. What is
 * stored takes at most a few bits more, or less where symbols depend on their surroundings.
 */
export class AdaptiveCost {
  /** How often each symbol stands in the sequence. */
  readonly counts: Uint32Array;
  #total = 0;
  #bits = 0;

  /** @param symbols the number of symbols, used or not */
  constructor(
    /** How many different symbols there are. */
    readonly symbols: number,
  ) {
    this.counts = new Uint32Array(
      checkNumber(symbols, "number of symbols", { min: 0, max: 2 ** 31, integer: true }),
    );
  }

  /** The bits of all symbols so far. */
  get bits(): number {
    return this.#bits;
  }

  /** What `symbol` would add. */
  addBits(symbol: number): number {
    return Math.log2((this.#total + this.symbols / 2) / (this.counts[symbol] + 0.5));
  }

  /** What the removal of one `symbol` would save. */
  removeBits(symbol: number): number {
    return Math.log2((this.#total - 1 + this.symbols / 2) / (this.counts[symbol] - 0.5));
  }

  /** What changing one symbol from `from` to `to` would add; negative where it saves. */
  moveBits(from: number, to: number): number {
    if (from === to) return 0;
    return Math.log2((this.counts[from] - 0.5) / (this.counts[to] + 0.5));
  }

  /** Adds a symbol to the sequence. */
  add(symbol: number): void {
    this.#bits += this.addBits(symbol);
    this.counts[symbol]++;
    this.#total++;
  }

  /** Takes a symbol out of the sequence. */
  remove(symbol: number): void {
    this.#bits -= this.removeBits(symbol);
    this.counts[symbol]--;
    this.#total--;
  }
}

/** The bits that levels or intercepts take in a file, in the narrowest form that holds all exactly. */
export function floatListBits(values: ArrayLike<number>): number {
  checkList(values, "values");
  return bitsOf((stream) => codeFloats(stream, values, "any"));
}

/**
 * The nearest number with `mantissa` bits, 0 to 10, of the mantissa of a 16-bit float; ties away from zero. Numbers
 * rounded to fewer bits take fewer in a file, each as many less.
 */
export function roundToMantissa(value: number, mantissa: number): number {
  const magnitude = Math.abs(value);
  if (magnitude === 0) return 0;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const unit = 2 ** (exponent - mantissa);
  const rounded = Math.round(magnitude / unit) * unit;
  return Math.sign(value) * Math.min(rounded, largest - 2 ** (15 - mantissa) + 2 ** 5);
}

/** The largest 16-bit float. */
const largest = fromFloat16Bits(0x7bff);

/**
 * What a model takes in a file without options, part by part, by writing it: exact, in some tenths of a millisecond for
 * some hundred weights.
 */
export function costOf(model: Scorer): { readonly bytes: number; readonly parts: readonly Part[] } {
  const { bytes, parts } = unpack(pack(model));
  return { bytes, parts };
}

/** log of the gamma function, by Stirling's series shifted to where it holds to 12 digits. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 16; x++) shift += Math.log(x);
  const inverse = 1 / x;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
