import { fail } from "../base/errors";
import { ByteReader } from "./byte-reader";
import { ByteWriter } from "./byte-writer";
import { crc32 } from "./crc32";

/** The first bytes of every file: one that no text begins with, then `LGT`. */
const magic = [0x8c, 0x4c, 0x47, 0x54];
const version = 1;
const checksumBytes = 4;

/** The sections of version 1; a section's place here is its bit in the file's list of sections. */
const critical = ["header", "classes", "positions", "codes", "levels", "values", "intercepts"] as const;
const optional = ["encoder", "names", "provenance"] as const;
const firstOptional = 8;

/** The name of a section. */
export type SectionName = (typeof critical)[number] | (typeof optional)[number];

/** The parts of a file: the payload of each section, in the order of the file. */
export type Sections = ReadonlyMap<SectionName, Uint8Array>;

/** Where the bytes of a file lie. */
export interface Layout {
  /** Magic and version, then the list of sections. */
  readonly overhead: number;
  readonly checksum: number;
  readonly sections: Sections;
}

/** Joins sections to a file. */
export function joinSections(sections: Sections): Uint8Array {
  const names = [...critical, ...optional].filter((name) => sections.has(name));
  const to = new ByteWriter();
  to.bytes(magic);
  to.byte(version);
  const present = names.reduce((bits, name) => bits | (1 << bitOf(name)), 0);
  to.byte(present & 255);
  to.byte(present >> 8);
  for (const name of names) to.varint(sections.get(name)!.length);
  for (const name of names) to.bytes(sections.get(name)!);
  const body = to.toBytes();
  const file = new Uint8Array(body.length + checksumBytes);
  file.set(body);
  new DataView(file.buffer).setUint32(body.length, crc32(body), true);
  return file;
}

/**
 * Parts a file into its sections, once magic, version, length and checksum are right.
 * @throws `invalid-file`, `unsupported-version`, `truncated-file`, `corrupt-file`
 */
export function partSections(file: Uint8Array): Layout {
  checkStart(file);
  const table = new ByteReader(file.subarray(magic.length + 1), "list of sections");
  const read = (): number => (table.left > 0 ? table.byte() : truncated(file, "a list of sections"));
  const present = read() + 256 * read();
  const bits = Array.from({ length: 16 }, (_, bit) => bit).filter((bit) => (present >> bit) & 1);
  const lengths = bits.map(() => readLength(table, file));
  const overhead = file.length - table.left;
  const size = lengths.reduce((sum, length) => sum + length, overhead + checksumBytes);
  if (file.length < size) truncated(file, `${size} bytes`);
  if (file.length > size) {
    fail("corrupt-file", { thing: "length of the file", value: file.length, expected: `${size} bytes` });
  }
  checkSum(file);
  const sections = new Map<SectionName, Uint8Array>();
  bits.forEach((bit, i) => {
    const name = bit < firstOptional ? critical[bit] : optional[bit - firstOptional];
    const bytes = table.take(lengths[i]);
    if (name !== undefined) sections.set(name, bytes);
    else if (bit < firstOptional) unknownSection(bit);
  });
  return { overhead, checksum: checksumBytes, sections };
}

function bitOf(name: SectionName): number {
  const at = (critical as readonly string[]).indexOf(name);
  return at >= 0 ? at : firstOptional + (optional as readonly string[]).indexOf(name);
}

function checkStart(file: Uint8Array): void {
  if (magic.some((byte, i) => i < file.length && file[i] !== byte)) {
    fail("invalid-file", {
      thing: "file",
      value: Array.from(file.subarray(0, 4), (b) => b.toString(16).padStart(2, "0")).join(" "),
      expected: "a model file of logitpress, which begins with 8c 4c 47 54",
    });
  }
  if (file.length <= magic.length) truncated(file, "magic and version");
  if (file[magic.length] !== version) {
    fail("unsupported-version", {
      thing: "version of the file",
      value: file[magic.length],
      expected: String(version),
      remedy: "Read it with a newer logitpress.",
    });
  }
}

function readLength(table: ByteReader, file: Uint8Array): number {
  let length = 0;
  for (let group = 0; group < 4; group++) {
    if (table.left === 0) truncated(file, "a list of sections");
    const byte = table.byte();
    length += (byte & 127) * 128 ** group;
    if (byte >= 128) continue;
    if (byte === 0 && group > 0) break;
    return length;
  }
  return table.wrong("lengths below 2^28 in their shortest form");
}

function checkSum(file: Uint8Array): void {
  const end = file.length - checksumBytes;
  const stored = new DataView(file.buffer, file.byteOffset + end).getUint32(0, true);
  if (stored === crc32(file.subarray(0, end))) return;
  fail("corrupt-file", { thing: "checksum of the file", value: stored, expected: "that of its bytes" });
}

function truncated(file: Uint8Array, expected: string): never {
  return fail("truncated-file", { thing: "length of the file", value: file.length, expected });
}

function unknownSection(bit: number): never {
  return fail("unsupported-version", {
    thing: "section of the file",
    value: bit,
    expected: `one of ${critical.join(", ")}`,
    remedy: "Read it with a newer logitpress.",
  });
}
