import type { Scorer } from "../model/scorer";
import { entropyBits, histogram } from "../quantize/codes";
import { QuantizedModel } from "../quantize/quantized";
import { codeCount } from "../quantize/schemes";
import { ByteWriter, exactWidth } from "./byte-writer";
import { PackedModel } from "./packed";
import { unpack } from "./read";
import { writeScheme } from "./scheme";
import { pack } from "./write";

/** Where each byte of a file went. */
export class Ledger {
  /**
   * @param bytes the size of the file, the sum of all sections
   * @param bound bytes that no coder of positions and codes can go below that takes the support for random and codes
   * for independent: log2 of the number of supports of this size, and the entropy of the codes
   */
  constructor(
    readonly bytes: number,
    readonly sections: readonly { readonly name: string; readonly bytes: number }[],
    readonly bound: { readonly positions: number; readonly codes: number },
  ) {}
}

/**
 * Accounts for every byte of a file: magic, version and list of sections, each section, checksum.
 * @param of the bytes of a file, a model read from one, or a model that is packed without options
 * @throws as `unpack` and `pack`
 */
export function ledger(of: Uint8Array | Scorer): Ledger {
  const packed = of instanceof PackedModel ? of : unpack(of instanceof Uint8Array ? of : pack(of));
  const { start, checksum, sections } = packed.layout;
  const levels = levelBytes(packed);
  const intercepts = packed.outputs * exactWidth(packed.intercepts);
  const parts = [...sections].flatMap(([name, { length }]) =>
    name === "model"
      ? [
          { name: "header", bytes: length - levels - intercepts },
          { name: "levels", bytes: levels },
          { name: "intercepts", bytes: intercepts },
        ]
      : [{ name: name as string, bytes: length }],
  );
  const all = [{ name: "start", bytes: start }, ...parts, { name: "checksum", bytes: checksum }];
  const used = all.filter(({ bytes }) => bytes > 0);
  return new Ledger(packed.bytes, used, boundOf(packed));
}

function levelBytes({ model }: PackedModel): number {
  if (!(model instanceof QuantizedModel)) return 0;
  const to = new ByteWriter();
  writeScheme(to, model.scheme, 0);
  return to.toBytes().length;
}

function boundOf({ model, features, outputs, nonzeros }: PackedModel): Ledger["bound"] {
  const positions = logChoose(features * outputs, nonzeros) / Math.LN2 / 8;
  if (!(model instanceof QuantizedModel)) return { positions, codes: 4 * nonzeros };
  const counts = histogram(model.codes, codeCount(model.scheme));
  return { positions, codes: (entropyBits(counts) * nonzeros) / 8 };
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  const fewer = Math.min(k, n - k);
  for (let i = 1; i <= fewer; i++) sum += Math.log((n - fewer + i) / i);
  return sum;
}
