import { entropyBits, histogram } from "../quantize/codes";
import { levelsOf, QuantizedModel } from "../quantize/quantized";
import { PackedModel } from "./packed";
import { unpack } from "./read";

/** Where each byte of a file went. */
export interface Ledger {
  /** The size of the file, the sum of all sections. */
  readonly bytes: number;
  readonly sections: readonly { readonly name: string; readonly bytes: number }[];
  /**
   * Bytes that no coder of positions and codes can go below that takes the support for random and codes for
   * independent: log2 of the number of supports of this size, and the entropy of the codes.
   */
  readonly bound: { readonly positions: number; readonly codes: number };
}

/** Accounts for every byte of a file: magic, version and list of sections, each section, checksum. */
export function ledger(file: Uint8Array | PackedModel): Ledger {
  const packed = file instanceof PackedModel ? file : unpack(file);
  const { overhead, checksum, sections } = packed.layout;
  const stored = [...sections].map(([name, bytes]) => ({ name: name as string, bytes: bytes.length }));
  const named = stored.reduce((sum, { bytes }) => sum + bytes, overhead + checksum);
  const skipped = packed.bytes - named;
  return {
    bytes: packed.bytes,
    sections: [
      { name: "start", bytes: overhead },
      ...stored,
      ...(skipped > 0 ? [{ name: "unknown", bytes: skipped }] : []),
      { name: "checksum", bytes: checksum },
    ],
    bound: boundOf(packed),
  };
}

function boundOf({ model, features, outputs, nonzeros }: PackedModel): Ledger["bound"] {
  const positions = logChoose(features * outputs, nonzeros) / Math.LN2 / 8;
  if (!(model instanceof QuantizedModel)) return { positions, codes: 4 * nonzeros };
  const counts = histogram(model.codes, levelsOf(model.scheme).length);
  return { positions, codes: (entropyBits(counts) * nonzeros) / 8 };
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  const fewer = Math.min(k, n - k);
  for (let i = 1; i <= fewer; i++) sum += Math.log((n - fewer + i) / i);
  return sum;
}
