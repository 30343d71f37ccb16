import { crc32 } from "./crc32";

/** A file in an archive. */
interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Midnight of the first day that an archive can name, so that the same files give the same bytes. */
const firstDay = 0x21;

/** Files as they are in a ZIP archive (APPNOTE 6.3, method 0), names in ASCII. */
export function zipOf(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const common = [20, 0, 0, 0, firstDay];
    const sizes = [crc32(bytes), bytes.length, bytes.length];
    const local = [...u32(0x04034b50), ...u16(...common), ...u32(...sizes), ...u16(name.length, 0)];
    const start = Uint8Array.from([...local, ...ascii(name)]);
    const central = [
      ...u32(0x02014b50),
      ...u16(20, ...common),
      ...u32(...sizes),
      ...u16(name.length, 0, 0, 0, 0),
      ...u32(0, offset),
    ];
    directory.push(Uint8Array.from([...central, ...ascii(name)]));
    parts.push(start, bytes);
    offset += start.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = entries.length;
  const end = Uint8Array.from([
    ...u32(0x06054b50),
    ...u16(0, 0, count, count),
    ...u32(size, offset),
    ...u16(0),
  ]);
  return joined([...parts, ...directory, end]);
}

/** Bytes one after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The bytes of a text of ASCII. */
export function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

function u16(...values: number[]): number[] {
  return values.flatMap((value) => [value & 255, value >> 8]);
}

function u32(...values: number[]): number[] {
  return values.flatMap((value) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]);
}
