import { oneOf } from "../stream/alternatives";
import { lengthOf, type Stream } from "../stream/stream";

/** The most bytes of a part. */
const mostBytes = 2 ** 28 - 1;

/**
 * Codes bytes, such as texts: as they are, or bit by bit with chances that are learned by the byte before and the two
 * bytes before.
 */
export function codeBytes(stream: Stream, bytes: Uint8Array): Uint8Array {
  const length = stream.number(bytes.length, mostBytes);
  if (length === 0) return new Uint8Array(0);
  const asTheyAre = (s: Stream) => collected(length, (at) => s.uniform(bytes[at], 256));
  return oneOf([asTheyAre, (s) => codeLearnedBytes(s, bytes, length)])(stream);
}

/** Grows with what is read, so that a length alone takes no memory. */
function collected(length: number, byte: (at: number) => number): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < length; at++) bytes.push(byte(at));
  return Uint8Array.from(bytes);
}

/** The most chances of a table. */
const mostChances = 2 ** 18;

/** Chances of a zero out of 4096, which move a part of the way to what was met: first fast, then by a sixteenth. */
class Chances {
  readonly #chances: Uint16Array;
  readonly #seen: Uint8Array;
  readonly #mask: number;

  /** @param count a power of two */
  constructor(count: number) {
    this.#chances = new Uint16Array(count).fill(32768);
    this.#seen = new Uint8Array(count);
    this.#mask = count - 1;
  }

  /** The place for what came before and the bits of a byte so far; different ones can share it. */
  place(before: number, node: number): number {
    const hash = Math.imul(256 * before + node, 0x9e3779b1);
    return (hash ^ (hash >>> 15)) & this.#mask;
  }

  of(at: number): number {
    return this.#chances[at] >> 4;
  }

  hasSeen(at: number): boolean {
    return this.#seen[at] > 0;
  }

  saw(at: number, bit: number): void {
    const goal = bit === 0 ? 65535 : 0;
    const rate = Math.min(this.#seen[at] + 2, 16);
    this.#chances[at] += Math.trunc((goal - this.#chances[at]) / rate);
    if (this.#seen[at] < 14) this.#seen[at]++;
  }
}

function codeLearnedBytes(stream: Stream, bytes: Uint8Array, length: number): Uint8Array {
  const size = Math.min(mostChances, 2 ** (lengthOf(length) + 4));
  const orders = [new Chances(256), new Chances(size), new Chances(size)];
  let one = 0;
  let two = 0;
  const byte = (at: number): number => {
    let node = 1;
    for (let bit = 7; bit >= 0; bit--) {
      const places = [node, orders[1].place(one, node), orders[2].place(256 * two + one, node)];
      const order = orders[2].hasSeen(places[2]) ? 2 : orders[1].hasSeen(places[1]) ? 1 : 0;
      const zeros = Math.min(Math.max(orders[order].of(places[order]), 32), 4064);
      const read = stream.weighted((bytes[at] >> bit) & 1, zeros, 4096);
      for (let o = 0; o < 3; o++) orders[o].saw(places[o], read);
      node = 2 * node + read;
    }
    two = one;
    one = node - 256;
    return one;
  };
  return collected(length, byte);
}
