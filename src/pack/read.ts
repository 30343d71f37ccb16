import { fail } from "../base/errors";
import { encoderNames } from "../frame/encoder-names";
import { type EncoderState, widthOf } from "../frame/encoder-state";
import type { Label } from "../matrix/dataset";
import { type FeatureNames, listedNames, numberedNames } from "../matrix/names";
import type { Link } from "../model/scorer";
import { levelsOf, QuantizedModel } from "../quantize/quantized";
import { ByteReader } from "./byte-reader";
import type { FloatWidth } from "./byte-writer";
import { partSections, type SectionName, type Sections } from "./container";
import { readEncoder } from "./encoder-section";
import { readLabels } from "./labels";
import { readLevels } from "./levels-section";
import { mostClasses, mostWeights } from "./limits";
import { PackedModel, type Provenance, StoredLinear } from "./packed";
import { readPositions } from "./positions";
import { readSymbols } from "./symbols";
import { kinds, links } from "./write";

/**
 * Reads the bytes of a `.logit` file. Nothing is taken on trust: lengths, checksum and every number are checked before
 * memory is taken for them.
 *
 * @throws `invalid-file` for another kind of file; `unsupported-version`; `truncated-file` where bytes are missing;
 * `corrupt-file` where they are not as they were written
 */
export function unpack(bytes: Uint8Array): PackedModel {
  const layout = partSections(bytes);
  const { sections } = layout;
  const header = readHeader(open(sections, "header"));
  const classes = readClasses(sections, header.classes);
  const encoder = readEncoderOf(sections, classes, header.features);
  const featureNames = readNames(sections, header.features, encoder);
  const positions = whole(open(sections, "positions"), (from) =>
    readPositions(from, header.nonzeros, header.features * header.outputs),
  );
  const intercepts = whole(open(sections, "intercepts"), (from) => readFloats(from, header.outputs));
  const common = { classes, link: header.link, featureNames, intercepts };
  const model =
    header.kind === "quantized"
      ? new QuantizedModel({ ...common, positions, ...readCodes(sections, header.nonzeros) })
      : new StoredLinear(
          { ...common, weights: readValues(sections, positions, header), scale: null },
          header.kind,
        );
  return new PackedModel(model, { encoder, provenance: readNotes(sections) }, bytes.length, layout);
}

interface Header {
  readonly link: Link;
  readonly kind: (typeof kinds)[number];
  readonly features: number;
  readonly classes: number;
  readonly outputs: number;
  readonly nonzeros: number;
}

function open(sections: Sections, name: SectionName): ByteReader {
  const bytes = sections.get(name);
  if (bytes === undefined) {
    return fail("corrupt-file", { thing: "sections of the file", expected: `a section "${name}"` });
  }
  return new ByteReader(bytes, name);
}

function whole<T>(from: ByteReader, read: (from: ByteReader) => T): T {
  const value = read(from);
  from.end();
  return value;
}

function readHeader(from: ByteReader): Header {
  const first = from.byte();
  const link = links[first & 3] ?? from.wrong("a known link");
  const kind = kinds[first >> 2] ?? from.wrong("a known kind of model");
  const features = from.varint(mostWeights);
  const classes = link === "binary" ? 2 : from.varint(mostClasses);
  const outputs = link === "binary" ? 1 : classes;
  if (features === 0 || classes < 2 || features * outputs > mostWeights) {
    from.wrong(`1 to ${mostWeights} weights and two classes or more`);
  }
  const nonzeros = from.varint(features * outputs);
  from.end();
  return { link, kind, features, classes, outputs, nonzeros };
}

function readClasses(sections: Sections, count: number): Label[] {
  if (!sections.has("classes")) return Array.from({ length: count }, (_, k) => k);
  return whole(open(sections, "classes"), (from) => readLabels(from, count));
}

function readEncoderOf(sections: Sections, classes: readonly Label[], features: number): EncoderState | null {
  if (!sections.has("encoder")) return null;
  const from = open(sections, "encoder");
  const state = readEncoder(from, classes);
  return widthOf(state) === features ? state : from.wrong(`an encoder of ${features} features`);
}

function readNames(sections: Sections, features: number, encoder: EncoderState | null): FeatureNames {
  if (sections.has("names")) {
    const from = open(sections, "names");
    if (features > from.left) from.wrong(`${features} names`);
    return listedNames(whole(from, () => Array.from({ length: features }, () => from.text())));
  }
  return encoder === null ? numberedNames(features) : encoderNames(encoder, []);
}

function readFloats(from: ByteReader, count: number): Float64Array {
  const width = from.left / count;
  if (![2, 4, 8].includes(width)) from.wrong(`${count} numbers of 2, 4 or 8 bytes`);
  return from.floats(count, width as FloatWidth);
}

function readCodes(sections: Sections, count: number): Pick<QuantizedModel, "codes" | "scheme"> {
  const scheme = readLevels(open(sections, "levels"));
  const levels = levelsOf(scheme).length;
  const from = open(sections, "codes");
  if (levels === 0 && count > 0) from.wrong("a level");
  return { scheme, codes: whole(from, () => readSymbols(from, count, levels)) };
}

function readValues(sections: Sections, positions: Uint32Array, header: Header): Float64Array {
  const from = open(sections, "values");
  const values = whole(from, () => from.floats(positions.length, 4));
  if (values.includes(0)) from.wrong("weights that are not zero");
  const weights = new Float64Array(header.features * header.outputs);
  positions.forEach((at, i) => {
    weights[at] = values[i];
  });
  return weights;
}

function readNotes(sections: Sections): Provenance | null {
  if (!sections.has("provenance")) return null;
  const from = open(sections, "provenance");
  const notes: [string, string][] = [];
  while (from.left > 0) notes.push([from.text(), from.text()]);
  return Object.fromEntries(notes);
}
