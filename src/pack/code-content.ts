import { type Pooling, Squares } from "../matrix/squares";
import type { Link } from "../model/scorer";
import { unitsOf } from "../quantize/parting";
import { codeCount, levelOf, plainSchemes, type Scheme } from "../quantize/schemes";
import type { Content, Decision, Kind, PartName } from "./content";
import { mostBy, mostClasses, mostWeights } from "./limits";
import { codeBytes } from "./parts/bytes";
import { codeFloats } from "./parts/floats";
import { codeLabels } from "./parts/labels";
import { codePositions } from "./parts/positions";
import { codeScheme } from "./parts/scheme";
import type { Shape } from "./parts/shape";
import { codeSymbols } from "./parts/symbols";
import type { Stream } from "./stream/stream";

const links: readonly Link[] = ["binary", "ovr", "softmax"];
const kinds: readonly Kind[] = ["trained", "pruned", "quantized"];

/** What is told while a file is written or read. */
interface Telling {
  /** A part begins. */
  begins(part: PartName): void;
  /** Refuses more stored weights than a file of its size may have. */
  checkCount(count: number): void;
}

/**
 * The whole stream of a file, in its order: written from `content`, or read, where only its type counts. This is the
 * format of FORMAT.md as a program.
 */
export function codeContent(stream: Stream, content: Content, { begins, checkCount }: Telling): Content {
  begins("header");
  const link = links[stream.uniform(links.indexOf(content.link), links.length)];
  const kind = kinds[stream.uniform(kinds.indexOf(content.kind), kinds.length)];
  const features = codeFeatures(stream, content.features);
  const classes = link === "binary" ? 2 : 2 + stream.number(content.classes - 2, mostClasses - 2);
  const outputs = link === "binary" ? 1 : classes;
  if (features * outputs > mostWeights) stream.wrong(`up to ${mostWeights} weights`);
  begins("classes");
  const labels = codeLabels(stream, content.labels, classes);
  if (content.pooling !== null) begins("pooling");
  const pooling = content.pooling === null ? null : codePooling(stream, content.pooling, features);
  if (pooling !== null && kind !== "quantized") stream.wrong("codes where pixels are pooled");
  const columns = pooling === null ? features : new Squares(features, pooling).count;
  const shape: Shape = { features: columns, outputs };
  const total = columns * outputs;
  begins("positions");
  const stored = stream.flag(content.positions.length === total)
    ? total
    : stream.number(content.positions.length, total - 1);
  checkCount(stored);
  const wanted = stream.reading ? new Uint32Array(stored) : content.positions;
  const positions = codePositions(stream, wanted, shape);
  begins("levels");
  const scheme = kind === "quantized" ? codeScheme(stream, content.scheme ?? empty, positions, shape) : null;
  if (pooling !== null && !(scheme?.kind === "codebook" && scheme.levels.every(isFloat32))) {
    stream.wrong("one codebook of 32-bit floats where pixels are pooled");
  }
  begins("intercepts");
  const intercepts = codeFloats(
    stream,
    stream.reading ? new Float64Array(shape.outputs) : content.intercepts,
    "any",
    kind === "quantized" ? 64 : 32,
  );
  begins("codes");
  const codes =
    scheme === null
      ? new Uint16Array(0)
      : codeCodes(stream, stream.reading ? new Uint16Array(stored) : content.codes, scheme, positions, shape);
  begins("values");
  const values =
    scheme === null
      ? codeFloats(stream, stream.reading ? new Float64Array(stored) : content.values, "any", 32)
      : new Float64Array(0);
  const extras = codeExtras(stream, content, link, begins);
  const model = { link, kind, features, classes, labels, pooling };
  return { ...model, positions, scheme, intercepts, codes, values, ...extras };
}

const empty: Scheme = { kind: "uniform", bits: 1, scale: 1, zeroPoint: 0.5 };

/** A power of two by its exponent; else the number less one. */
function codeFeatures(stream: Stream, features: number): number {
  const exponent = Math.log2(features);
  if (stream.flag(Number.isInteger(exponent))) return 2 ** stream.uniform(exponent, 27);
  const read = 1 + stream.number(features - 1, mostWeights - 1);
  return Number.isInteger(Math.log2(read)) ? stream.wrong("a power of two by its exponent") : read;
}

/** Lines of pixels and the side of the squares, at least 2. */
function codePooling(stream: Stream, pooling: Pooling, features: number): Pooling {
  const width = 1 + stream.number(pooling.width - 1, features - 1);
  if (features % width !== 0) stream.wrong("pixels of whole lines");
  return { width, by: 2 + stream.number(pooling.by - 2, mostBy - 2) };
}

/** Only then do weights over the number of their pixels tell of the level that they are of. */
function isFloat32(level: number): boolean {
  return Math.fround(level) === level;
}

function codeCodes(
  stream: Stream,
  codes: Uint16Array,
  scheme: Scheme,
  positions: Uint32Array,
  shape: Shape,
): Uint16Array {
  const plain = plainSchemes(scheme);
  const parting = scheme.kind === "parted" ? scheme.parting : null;
  const { units } = unitsOf(parting, positions, shape.outputs);
  const signs = (i: number, code: number) => Math.sign(levelOf(plain[units[i]], code)) || 0;
  return codeSymbols(stream, codes, {
    symbols: codeCount(scheme),
    context: { ...shape, positions, signs },
  });
}

type Extras = Pick<Content, "decision" | "encoder" | "names" | "provenance">;

/** One bit where there is nothing beside the model. */
function codeExtras(stream: Stream, content: Content, link: Link, begins: Telling["begins"]): Extras {
  const { decision, encoder, names, provenance } = content;
  begins("decision");
  const decides = decision.threshold !== null || decision.temperature !== null;
  const any = decides || encoder !== null || names !== null || provenance !== null;
  if (!stream.flag(any)) return { decision: undecided, encoder: null, names: null, provenance: null };
  const decided = stream.flag(decides) ? codeDecision(stream, decision, link) : undecided;
  begins("encoder");
  const readEncoder = codeOptional(stream, encoder);
  begins("names");
  const readNames = codeOptional(stream, names);
  begins("provenance");
  return {
    decision: decided,
    encoder: readEncoder,
    names: readNames,
    provenance: codeOptional(stream, provenance),
  };
}

const undecided: Decision = { threshold: null, temperature: null };

function codeDecision(stream: Stream, { threshold, temperature }: Decision, link: Link): Decision {
  const chosen = link === "binary" ? codeNumber(stream, threshold) : null;
  if (chosen !== null && !(chosen > 0 && chosen < 1)) stream.wrong("a threshold between 0 and 1");
  const divisor = codeNumber(stream, temperature);
  if (divisor !== null && !(divisor >= 1 / 1024 && divisor <= 1024)) {
    stream.wrong("a temperature from 1/1024 to 1024");
  }
  return { threshold: chosen, temperature: divisor };
}

function codeNumber(stream: Stream, value: number | null): number | null {
  if (!stream.flag(value !== null)) return null;
  return codeFloats(stream, Float64Array.of(value ?? 0), "any")[0];
}

function codeOptional(stream: Stream, bytes: Uint8Array | null): Uint8Array | null {
  return stream.flag(bytes !== null) ? codeBytes(stream, bytes ?? new Uint8Array(0)) : null;
}
