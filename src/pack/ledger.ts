import { shownAs } from "../base/display";
import { Squares } from "../matrix/squares";
import type { Scorer } from "../model/scorer";
import { entropyBits, histogram } from "../quantize/codes";
import { codeCount } from "../quantize/schemes";
import type { Part } from "./content";
import { supportBits } from "./cost";
import { PackedModel } from "./packed";
import { pooledContentOf } from "./pooled-content";
import { unpack } from "./read";
import { contentOf } from "./stored-content";
import { pack } from "./write";

/** What one part of a file takes. */
export interface LedgerRow {
  /** Which part of the file. */
  readonly name: string;
  /** Whole bytes, so that all sum to the size of the file. A part can share its first and last byte with others. */
  readonly bytes: number;
  /** Bits, fractions included. */
  readonly bits: number;
}

/** Where each byte of a file went. */
export class Ledger {
  /**
   * @param bytes the size of the file, the sum of all sections
   * @param bound bytes that no coder of positions and codes can go below that takes the support for random and codes
   * for independent: log2 of the number of supports of this size, and the entropy of the codes
   */
  constructor(
    /** The size of the file. */
    readonly bytes: number,
    /** What each part takes; together it is the file. */
    readonly sections: readonly LedgerRow[],
    /** The fewest bytes that positions and codes could take if they were random, and codes independent. */
    readonly bound: { readonly positions: number; readonly codes: number },
  ) {}

  /** Bytes of positions and codes above the bound; negative where patterns save more than the bound allows. */
  get overBound(): number {
    const spent = (name: string) => (this.sections.find((row) => row.name === name)?.bits ?? 0) / 8;
    const { positions, codes } = this.bound;
    return spent("positions") + spent("codes") + spent("values") - positions - codes;
  }
}

shownAs("ledger", Ledger);

/**
 * Accounts for every byte of a file: magic and version, each part, checksum.
 * @param of the bytes of a file, a model read from one, or a model that is packed without options
 * @throws as `unpack` and `pack`
 */
export function ledger(of: Uint8Array | Scorer): Ledger {
  const packed = of instanceof PackedModel ? of : unpack(of instanceof Uint8Array ? of : pack(of));
  return new Ledger(packed.bytes, rowsOf(packed.parts, packed.bytes), boundOf(packed));
}

/** Rounds where parts end to whole bytes; the end of the stream counts with its last part. */
function rowsOf(parts: readonly Part[], bytes: number): LedgerRow[] {
  const checksum = parts[parts.length - 1].bits / 8;
  let bits = 0;
  let end = 0;
  return parts.map((part, i) => {
    bits += part.bits;
    const start = end;
    if (i === parts.length - 1) end = bytes;
    else if (i === parts.length - 2) end = bytes - checksum;
    else end = Math.min(Math.round(bits / 8), bytes - checksum);
    return { ...part, bytes: end - start };
  });
}

function boundOf({ model, features, outputs, pooling }: PackedModel): Ledger["bound"] {
  const {
    positions: places,
    codes,
    scheme,
  } = pooling === null ? contentOf(model) : pooledContentOf(model, pooling);
  const columns = pooling === null ? features : new Squares(features, pooling).count;
  const positions = supportBits(places.length, columns * outputs) / 8;
  if (scheme === null) return { positions, codes: 4 * places.length };
  const counts = histogram(codes, codeCount(scheme));
  return { positions, codes: (entropyBits(counts) * places.length) / 8 };
}
