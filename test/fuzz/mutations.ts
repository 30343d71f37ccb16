import type { Random } from "../../src/base/random";
import { resealed } from "./outcome";

/** Bytes to read, and whether they must be refused since their checksum can't be right. */
export interface Case {
  readonly bytes: Uint8Array;
  readonly refused: boolean;
}

type Mutation = (corpus: readonly Uint8Array[], random: Random) => Case;

/** Every way in which files are harmed. */
export const mutations: Readonly<Record<string, Mutation>> = {
  flip(corpus, random) {
    const bytes = drawn(corpus, random).slice();
    bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return { bytes, refused: true };
  },
  bytes(corpus, random) {
    const file = drawn(corpus, random);
    const bytes = edited(file, random);
    return { bytes, refused: bytes.some((byte, at) => byte !== file[at]) };
  },
  sealedBytes(corpus, random) {
    return { bytes: resealed(edited(drawn(corpus, random), random)), refused: false };
  },
  cut(corpus, random) {
    const file = drawn(corpus, random);
    return { bytes: file.subarray(0, random.integer(file.length)), refused: true };
  },
  splice(corpus, random) {
    const file = drawn(corpus, random);
    const other = drawn(corpus, random);
    const head = file.subarray(0, random.integer(file.length + 1));
    return {
      bytes: resealed(joined(head, other.subarray(random.integer(other.length + 1)))),
      refused: false,
    };
  },
  random(_, random) {
    return { bytes: drawnBytes(random, random.integer(200)), refused: true };
  },
  sealedStream(_, random) {
    const start = Uint8Array.of(0x8c, 2);
    return { bytes: resealed(joined(start, drawnBytes(random, 4 + random.integer(120)))), refused: false };
  },
  sealedSections(_, random) {
    const list = random.integer(128);
    const count = 1 + list.toString(2).replaceAll("0", "").length;
    const payloads = Array.from({ length: count }, () => drawnBytes(random, random.integer(40)));
    const lengths = Uint8Array.from(payloads, ({ length }) => length);
    const start = Uint8Array.of(0x8c, 0x4c, 0x47, 1, list);
    return { bytes: resealed(joined(start, lengths, ...payloads, new Uint8Array(4))), refused: false };
  },
};

function drawn(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  return corpus[random.integer(corpus.length)];
}

function drawnBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.bits() & 255);
}

function edited(file: Uint8Array, random: Random): Uint8Array {
  const bytes = file.slice();
  for (let left = 1 + random.integer(6); left > 0; left--) {
    bytes[random.integer(bytes.length)] = random.bits() & 255;
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
