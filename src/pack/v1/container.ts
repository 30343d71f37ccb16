import { fail } from "../../base/errors";
import { ByteReader } from "../byte-reader";
import { crc32 } from "../crc32";

/** The first bytes of every file: one that no text begins with, then `LG`. */
const magic = [0x8c, 0x4c, 0x47];
const version = 1;
const checksumBytes = 4;

/** The sections of version 1 in the order of the file. All but the first have a bit in the list of sections. */
const names = ["model", "classes", "positions", "codes", "values", "encoder", "names", "provenance"] as const;

/** The name of a section. */
export type SectionName = (typeof names)[number];

/** The parts of a file: the payload of each section, in the order of the file. */
export type Sections = ReadonlyMap<SectionName, Uint8Array>;

/** Where the bytes of a file lie. */
export interface Layout {
  /** The bytes of magic, version and list of sections. */
  readonly start: number;
  readonly checksum: number;
  readonly sections: Sections;
}

/**
 * Parts a file into its sections, once magic, version, length and checksum are right.
 * @throws `invalid-file`, `unsupported-version`, `truncated-file`, `corrupt-file`
 */
export function partSections(file: Uint8Array): Layout {
  checkStart(file);
  const list = new ByteReader(file.subarray(magic.length + 1), "list of sections");
  const present = namesOf(list.left > 0 ? list.byte() : truncated(file, "a list of sections"));
  const lengths = present.map(() => readLength(list, file));
  const start = file.length - list.left;
  const size = lengths.reduce((sum, length) => sum + length, start + checksumBytes);
  if (file.length < size) truncated(file, `${size} bytes`);
  if (file.length > size) {
    fail("corrupt-file", { thing: "length of the file", value: file.length, expected: `${size} bytes` });
  }
  checkSum(file);
  const sections = new Map(present.map((name, i) => [name, list.take(lengths[i])]));
  return { start, checksum: checksumBytes, sections };
}

function checkStart(file: Uint8Array): void {
  if (file.length === 0 || magic.some((byte, i) => i < file.length && file[i] !== byte)) {
    fail("invalid-file", {
      thing: "file",
      value: Array.from(file.subarray(0, 3), (b) => b.toString(16).padStart(2, "0")).join(" "),
      expected: "a model file of logitpress, which begins with 8c 4c 47",
    });
  }
  if (file.length <= magic.length) truncated(file, "magic and version");
  if (file[magic.length] !== version) tooNew("version of the file", file[magic.length], String(version));
}

function namesOf(bits: number): SectionName[] {
  if (bits > 127) tooNew("list of sections", bits, "bits of known sections alone");
  return names.filter((_, at) => at === 0 || (bits >> (at - 1)) & 1);
}

function readLength(list: ByteReader, file: Uint8Array): number {
  let length = 0;
  for (let group = 0; group < 4; group++) {
    if (list.left === 0) truncated(file, "a list of sections");
    const byte = list.byte();
    length += (byte & 127) * 128 ** group;
    if (byte >= 128) continue;
    if (byte === 0 && group > 0) break;
    return length;
  }
  return list.wrong("lengths below 2^28 in their shortest form");
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

function tooNew(thing: string, value: number, expected: string): never {
  return fail("unsupported-version", { thing, value, expected, remedy: "Read it with a newer logitpress." });
}
