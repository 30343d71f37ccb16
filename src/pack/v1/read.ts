import { fail } from "../../base/errors";
import { encoderNames } from "../../frame/encoder-names";
import { type EncoderState, widthOf } from "../../frame/encoder-state";
import type { Label } from "../../matrix/dataset";
import { type FeatureNames, listedNames, numberedNames } from "../../matrix/names";
import { QuantizedModel } from "../../quantize/quantized";
import { codeCount, levelOf } from "../../quantize/schemes";
import { ByteReader } from "../byte-reader";
import type { Part } from "../content";
import { readEncoder } from "../encoder-section";
import { PackedModel, type Provenance, StoredLinear } from "../packed";
import { type Layout, partSections, type SectionName, type Sections } from "./container";
import { outputsOf, readHeader } from "./header";
import { readLabels } from "./labels";
import { readPositions } from "./positions";
import { readExact, readScheme } from "./scheme";
import { readSymbols } from "./symbols";

/** Reads a file of version 1, which is never written any more. @throws as `unpack` */
export function unpackFirst(bytes: Uint8Array): PackedModel {
  const layout = partSections(bytes);
  const { sections } = layout;
  const from = open(sections, "model");
  const header = readHeader(from);
  const { link, kind, features, nonzeros } = header;
  const classes = readClasses(sections, header.classes);
  const encoder = readEncoderOf(sections, classes, features);
  const featureNames = readNames(sections, features, encoder);
  const outputs = outputsOf(header);
  const positions = whole(open(sections, "positions"), (r) => readPositions(r, nonzeros, features * outputs));
  const coding = kind === "quantized" ? readScheme(from, outputs * header.interceptWidth) : null;
  const intercepts = readExact(from, outputs, header.interceptWidth);
  from.end();
  refuseSection(sections, kind === "quantized" ? "values" : "codes");
  const common = { classes, link, featureNames, intercepts };
  const model =
    coding !== null
      ? new QuantizedModel({
          ...common,
          ...withoutZeros(positions, coding, readCodes(sections, coding, nonzeros)),
        })
      : new StoredLinear(
          { ...common, weights: readValues(sections, positions, features * outputs), scale: null },
          kind as "trained" | "pruned",
        );
  const extras = {
    encoder,
    provenance: readNotes(sections),
    pooling: null,
    decision: { threshold: null, temperature: null },
  };
  return new PackedModel(
    model,
    extras,
    bytes.length,
    partsOf(layout, coding !== null, outputs * header.interceptWidth),
  );
}

/** Version 1 allowed codes that decode to zero; such weights are left out. */
function withoutZeros(positions: Uint32Array, { scheme }: ReturnType<typeof readScheme>, codes: Uint16Array) {
  const stays = Uint32Array.from(codes.keys()).filter((i) => levelOf(scheme, codes[i]) !== 0);
  return {
    positions: stays.map((i) => positions[i]),
    codes: Uint16Array.from(stays, (i) => codes[i]),
    scheme,
  };
}

/** What each part takes; the levels of version 1 count with the header. */
function partsOf({ start, checksum, sections }: Layout, quantized: boolean, intercepts: number): Part[] {
  const part = (name: Part["name"], bytes: number): Part => ({ name, bits: 8 * bytes });
  const model = sections.get("model")!.length - intercepts;
  const others = [...sections].flatMap(([name, { length }]) =>
    name === "model" ? [] : [part(name, length)],
  );
  const head = [
    part("start", start),
    part(quantized ? "levels" : "header", model),
    part("intercepts", intercepts),
  ];
  return [...head, ...others, part("checksum", checksum)].filter(({ bits }) => bits > 0);
}

function refuseSection(sections: Sections, name: SectionName): void {
  if (!sections.has(name)) return;
  fail("corrupt-file", {
    thing: "sections of the file",
    value: name,
    expected: "what the kind of model has",
  });
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

function readCodes(
  sections: Sections,
  { scheme, coder }: ReturnType<typeof readScheme>,
  count: number,
): Uint16Array {
  const levels = codeCount(scheme);
  return whole(open(sections, "codes"), (from) => readSymbols(from, coder, count, levels));
}

function readValues(sections: Sections, positions: Uint32Array, total: number): Float64Array {
  const from = open(sections, "values");
  const values = whole(from, () => from.floats(positions.length, 4));
  if (values.includes(0)) from.wrong("weights that are not zero");
  const weights = new Float64Array(total);
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
