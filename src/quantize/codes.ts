import { removed } from "./grid";
import { membersOf, type Parting, unitsOf } from "./parting";
import { type CodebookScheme, levelOf, type PlainScheme, plainSchemes, type Scheme } from "./schemes";

/** Codes of the stored weights and what they decode to. */
export interface Coded {
  /** Ascending places in the `features x outputs` table. */
  readonly positions: Uint32Array;
  readonly codes: Uint16Array;
  readonly scheme: Scheme;
}

/**
 * The weights that are not {@link removed}, without the schemes of parts that have lost all of theirs.
 * @param units the part of each weight @param schemes one a part
 */
export function codedOf(
  positions: Uint32Array,
  codes: Int32Array,
  units: Uint32Array,
  schemes: readonly PlainScheme[],
  parting: Parting | null,
): Coded {
  const places = new Uint32Array(codes.length);
  const kept = new Uint16Array(codes.length);
  const alive = new Uint8Array(schemes.length);
  let count = 0;
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] === removed) continue;
    places[count] = positions[i];
    kept[count++] = codes[i];
    alive[units[i]] = 1;
  }
  const [first] = schemes;
  return {
    positions: places.slice(0, count),
    codes: kept.slice(0, count),
    scheme:
      parting === null
        ? first
        : {
            kind: "parted",
            bits: first.bits,
            parting,
            schemes: schemes.filter((_, unit) => alive[unit] === 1),
          },
  };
}

/** How the weights of a scheme are parted, `null` where they are not. */
export function partingOf(scheme: Scheme): Parting | null {
  return scheme.kind === "parted" ? scheme.parting : null;
}

/** The value of each stored weight. */
export function decoded({ positions, codes, scheme }: Coded, outputs: number): Float64Array {
  const schemes = plainSchemes(scheme);
  const { units } = unitsOf(partingOf(scheme), positions, outputs);
  return Float64Array.from(codes, (code, i) => levelOf(schemes[units[i]], code));
}

/**
 * The same model without the weights that decode to zero, which are weights that are not there; with the levels of its
 * codebooks ascending, distinct and in use; and without the schemes of parts that have lost all weights.
 */
export function tidied(coded: Coded, outputs: number): Coded {
  const values = decoded(coded, outputs);
  const stays = Uint32Array.from(values.keys()).filter((i) => values[i] !== 0);
  const positions = stays.map((i) => coded.positions[i]);
  const codes = Uint16Array.from(stays, (i) => coded.codes[i]);
  const before = unitsOf(partingOf(coded.scheme), coded.positions, outputs).units;
  const members = membersOf(unitsOf(partingOf(coded.scheme), positions, outputs));
  const all = plainSchemes(coded.scheme);
  const schemes = members
    .filter((own) => own.length > 0)
    .map((own) => {
      const plain = all[before[stays[own[0]]]];
      return plain.kind === "codebook" ? ordered(plain, own) : plain;
    });
  if (coded.scheme.kind !== "parted") return { positions, codes, scheme: schemes[0] ?? emptied(all[0]) };
  return { positions, codes, scheme: { ...coded.scheme, schemes } };

  function ordered(plain: CodebookScheme, own: Uint32Array): CodebookScheme {
    const levels = Float64Array.from(new Set(Array.from(own, (i) => plain.levels[codes[i]]))).sort();
    const newCode = new Map(Array.from(levels, (level, code) => [level, code]));
    for (const i of own) codes[i] = newCode.get(plain.levels[codes[i]])!;
    return { ...plain, levels };
  }
}

function emptied(plain: PlainScheme): PlainScheme {
  return plain.kind === "codebook" ? { ...plain, levels: new Float64Array(0) } : plain;
}

/** How often each of `count` codes occurs. */
export function histogram(codes: Uint16Array, count: number): Uint32Array {
  const counts = new Uint32Array(count);
  for (const code of codes) counts[code]++;
  return counts;
}

/** The entropy of a histogram in bits an item; 0 for nothing. */
export function entropyBits(counts: ArrayLike<number>): number {
  const all = Array.from(counts).filter((c) => c > 0);
  const total = all.reduce((sum, c) => sum + c, 0);
  return all.reduce((sum, c) => sum - (c / total) * Math.log2(c / total), 0);
}
