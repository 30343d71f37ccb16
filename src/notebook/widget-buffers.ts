import type { CommBuffer } from "./comm";

type Path = readonly (string | number)[];

/** A state without its bytes, and where they were. */
interface PackedState {
  readonly state: Record<string, unknown>;
  readonly paths: readonly Path[];
  readonly buffers: readonly CommBuffer[];
}

/** Takes bytes out of a state: out of objects with their names, out of lists leaving null. */
export function packBuffers(state: Readonly<Record<string, unknown>>): PackedState {
  const paths: Path[] = [];
  const buffers: CommBuffer[] = [];
  const strip = (value: unknown, path: Path): unknown => {
    if (isBuffer(value)) {
      paths.push(path);
      buffers.push(value);
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item, at) => strip(item, [...path, at]) ?? null);
    if (!isPlain(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, strip(item, [...path, key])] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  };
  return { state: strip(state, []) as Record<string, unknown>, paths, buffers };
}

/** Puts bytes back in their places; a path that leads nowhere is passed over. */
export function unpackBuffers(
  state: Record<string, unknown>,
  paths: unknown,
  buffers: readonly Uint8Array[],
): Record<string, unknown> {
  const whole = structuredClone(state);
  if (!Array.isArray(paths)) return whole;
  paths.forEach((path: unknown, at) => {
    if (!Array.isArray(path) || path.length === 0 || buffers[at] === undefined) return;
    let place: unknown = whole;
    for (const key of path.slice(0, -1)) place = own(place, key);
    const last = String(path.at(-1));
    if (typeof place === "object" && place !== null) {
      Object.defineProperty(place, last, {
        value: buffers[at],
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
  });
  return whole;
}

function own(place: unknown, key: unknown): unknown {
  const name = String(key);
  return typeof place === "object" && place !== null && Object.hasOwn(place, name)
    ? (place as Record<string, unknown>)[name]
    : undefined;
}

function isBuffer(value: unknown): value is CommBuffer {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
