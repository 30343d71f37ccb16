/** Scores that are kept as they come, of all curves together. */
const mostKept = 2 ** 22;
/** Bits of a 32-bit float that tell bins apart, where curves are few: sign, exponent and 11 of the fraction. */
const mostBits = 20;

/** The area under a ROC curve of rows that come one after another, see {@link RocStream.area}. */
interface StreamedArea {
  /** `NaN` without positives or without negatives. */
  readonly area: number;
  /** The most by which it can differ from the area of all scores; 0 where all were kept. */
  readonly bound: number;
}

/**
 * The area under a ROC curve in bounded memory: exact up to 4,194,304 scores of all curves together; beyond, they are counted in bins
 * as wide as 2^-11 of the score (wider from 16 curves on), 8 MB, and pairs within a bin count half, as ties do.
 */
export class RocStream {
  #scores = new Float64Array(1024);
  #positive = new Uint8Array(1024);
  #kept = 0;
  #bins: { readonly positives: Uint32Array; readonly negatives: Uint32Array } | null = null;

  readonly #bits: number;
  readonly #most: number;

  /**
   * @param curves how many there are beside each other
   * @param most the scores of all that are kept
   */
  constructor(curves = 1, most: number = mostKept) {
    this.#most = Math.ceil(most / curves);
    this.#bits = Math.max(10, mostBits - Math.max(0, Math.ceil(Math.log2(curves)) - 3));
  }

  /** Adds a row. */
  add(score: number, positive: boolean): void {
    if (this.#bins === null && this.#kept === this.#most) this.#toBins();
    if (this.#bins !== null) {
      (positive ? this.#bins.positives : this.#bins.negatives)[binOf(score, this.#bits)]++;
      return;
    }
    if (this.#kept === this.#scores.length) this.#grow();
    this.#scores[this.#kept] = score;
    this.#positive[this.#kept++] = Number(positive);
  }

  /** The area so far: the chance that a positive scores above a negative, ties half. */
  area(): StreamedArea {
    return this.#bins === null ? this.#exact() : binned(this.#bins.positives, this.#bins.negatives);
  }

  #exact(): StreamedArea {
    const order = Uint32Array.from({ length: this.#kept }, (_, i) => i);
    const scores = this.#scores;
    order.sort((a, b) => scores[b] - scores[a]);
    let [x, y, doubled] = [0, 0, 0];
    for (let i = 0; i < order.length; ) {
      const tie = scores[order[i]];
      const [x0, y0] = [x, y];
      for (; i < order.length && scores[order[i]] === tie; i++) {
        if (this.#positive[order[i]] === 1) y++;
        else x++;
      }
      doubled += (x - x0) * (y + y0);
    }
    return { area: x === 0 || y === 0 ? Number.NaN : doubled / (2 * x * y), bound: 0 };
  }

  #toBins(): void {
    const size = 2 ** this.#bits;
    const bins = { positives: new Uint32Array(size), negatives: new Uint32Array(size) };
    for (let i = 0; i < this.#kept; i++) {
      (this.#positive[i] === 1 ? bins.positives : bins.negatives)[binOf(this.#scores[i], this.#bits)]++;
    }
    this.#bins = bins;
    this.#scores = new Float64Array(0);
    this.#positive = new Uint8Array(0);
  }

  #grow(): void {
    const size = Math.min(2 * this.#scores.length, this.#most);
    const scores = new Float64Array(size);
    scores.set(this.#scores);
    this.#scores = scores;
    const positive = new Uint8Array(size);
    positive.set(this.#positive);
    this.#positive = positive;
  }
}

function binned(positives: Uint32Array, negatives: Uint32Array): StreamedArea {
  let [x, y, doubled, ties] = [0, 0, 0, 0];
  for (let bin = positives.length - 1; bin >= 0; bin--) {
    doubled += negatives[bin] * (2 * y + positives[bin]);
    ties += negatives[bin] * positives[bin];
    x += negatives[bin];
    y += positives[bin];
  }
  if (x === 0 || y === 0) return { area: Number.NaN, bound: 0 };
  return { area: doubled / (2 * x * y), bound: ties / (2 * x * y) };
}

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

// Of floats as integers, those below zero descend: turned over, all ascend.
function binOf(score: number, width: number): number {
  single[0] = score;
  const bits = word[0] >>> 31 === 1 ? ~word[0] : word[0] | 0x80000000;
  return bits >>> (32 - width);
}
