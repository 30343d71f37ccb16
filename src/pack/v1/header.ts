import type { Link } from "../../model/scorer";
import type { ByteReader } from "../byte-reader";
import { type FloatWidth, floatWidths } from "../byte-writer";
import type { Kind } from "../content";
import { mostClasses, mostWeights } from "../limits";

/** What a model's section begins with. */
interface Header {
  readonly link: Link;
  readonly kind: Kind;
  readonly features: number;
  readonly classes: number;
  /** The number of stored weights. */
  readonly nonzeros: number;
  /** The bytes of an intercept. */
  readonly interceptWidth: FloatWidth;
}

const links: readonly Link[] = ["binary", "ovr", "softmax"];
const kinds: readonly Kind[] = ["trained", "pruned", "quantized"];

/** The number of outputs of a header's model. */
export function outputsOf({ link, classes }: Pick<Header, "link" | "classes">): number {
  return link === "binary" ? 1 : classes;
}

/** Reads a header within the limits of the format. */
export function readHeader(from: ByteReader): Header {
  const first = from.byte();
  const link = links[first & 3] ?? from.wrong("a known link");
  const kind = kinds[(first >> 2) & 3] ?? from.wrong("a known kind of model");
  const interceptWidth = floatWidths[first >> 5] ?? from.wrong("intercepts of 2, 4 or 8 bytes");
  const isPower = ((first >> 4) & 1) === 1;
  const features = isPower ? 2 ** from.varint(Math.log2(mostWeights)) : from.varint(mostWeights);
  if (!isPower && Number.isInteger(Math.log2(features))) from.wrong("a power of two as its exponent");
  const classes = link === "binary" ? 2 : from.varint(mostClasses);
  const weights = features * outputsOf({ link, classes });
  if (classes < 2 || weights > mostWeights) from.wrong(`two classes or more, up to ${mostWeights} weights`);
  return { link, kind, features, classes, nonzeros: from.varint(weights), interceptWidth };
}
