import { fail } from "../base/errors";
import { crc32 } from "./crc32";

/** The first byte of every file, one that no text begins with. */
const magic = 0x8c;
/** The versions that are told by one byte: 3 is of pooled pixels. */
const versions: readonly number[] = [2, 3];
/** The bytes after the first one in files of version 1. */
const first = [0x4c, 0x47, 1];
/** The bytes of magic and version. */
export const startBytes = 2;
/** The bytes of the checksum. */
export const checksumBytes = 4;

/** Puts magic and version before a stream and the checksum of all after it. */
export function sealed(stream: Uint8Array, version: 2 | 3): Uint8Array {
  const file = new Uint8Array(startBytes + stream.length + checksumBytes);
  file.set([magic, version]);
  file.set(stream, startBytes);
  const end = file.length - checksumBytes;
  new DataView(file.buffer).setUint32(end, crc32(file.subarray(0, end)), true);
  return file;
}

/**
 * The version of a file.
 * @throws `invalid-file`, `unsupported-version`, `truncated-file`
 */
export function versionOf(file: Uint8Array): 1 | 2 | 3 {
  if (file.length === 0 || file[0] !== magic) noModel(file);
  if (file.length === 1) truncated(file, "magic and version");
  if (versions.includes(file[1])) return file[1] as 2 | 3;
  if (first.every((byte, i) => i + 1 >= file.length || file[i + 1] === byte)) return 1;
  if (file[1] === first[0]) {
    if (file[2] === first[1]) tooNew(file[3]);
    noModel(file);
  }
  return tooNew(file[1]);
}

/** The stream of a file of version 2 or 3. @throws `truncated-file`, `corrupt-file` for another checksum */
export function opened(file: Uint8Array): Uint8Array {
  if (file.length < startBytes + checksumBytes) truncated(file, "a checksum");
  const end = file.length - checksumBytes;
  const stored = new DataView(file.buffer, file.byteOffset + end).getUint32(0, true);
  if (stored === crc32(file.subarray(0, end))) return file.subarray(startBytes, end);
  return fail("corrupt-file", {
    thing: "checksum of the file",
    value: stored,
    expected: "that of its bytes",
    remedy: "The file is damaged, cut short or longer than it was saved: copy it again from its source.",
  });
}

function noModel(file: Uint8Array): never {
  return fail("invalid-file", {
    thing: "file",
    value: Array.from(file.subarray(0, 3), (b) => b.toString(16).padStart(2, "0")).join(" "),
    expected: "a model file of logitpress, which begins with 8c",
  });
}

function truncated(file: Uint8Array, expected: string): never {
  return fail("truncated-file", { thing: "length of the file", value: file.length, expected });
}

function tooNew(value: number): never {
  return fail("unsupported-version", {
    thing: "version of the file",
    value,
    expected: "1, 2 or 3",
    remedy: "Read it with a newer logitpress.",
  });
}
