import type { MimeBundle } from "../base/display";

/**
 * The same bundle, sure to be written as JSON and read by any front end: bytes as base64, letters without the halves of
 * a surrogate pair, which Python refuses. @throws as `JSON` does for what it can't write
 */
export function soundBundle(bundle: MimeBundle): MimeBundle {
  const entries = Object.entries(bundle).flatMap(([type, value]): [string, unknown][] => {
    if (value === undefined) return [];
    if (typeof value === "string") return [[type, wellFormed(value)]];
    if (value instanceof Uint8Array) {
      return [[type, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")]];
    }
    return [[type, soundJson(value)]];
  });
  return Object.fromEntries(entries);
}

/** A copy of `value` in which each string is well-formed, where one is not; else `value` itself. @throws as `JSON` does */
export function soundJson(value: unknown): unknown {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`a ${typeof value} can't be written as JSON`);
  if (!/\\ud[89a-f]/i.test(json)) return value;
  return JSON.parse(json, (_, inner) => (typeof inner === "string" ? wellFormed(inner) : inner));
}

function wellFormed(text: string): string {
  return (text as unknown as { toWellFormed(): string }).toWellFormed();
}
