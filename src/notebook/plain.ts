import { type InspectOptions, inspect } from "node:util";

const room = 2_000;
const arrayLength = 100;
const deepest = 4;

/**
 * A value as Node's `inspect` writes it, in bounded time and space: arrays to 100 items, objects to some 2,000 in all
 * by showing fewer levels, and never by a throw.
 */
export function plainText(value: unknown, options: InspectOptions = {}, most: number = room): string {
  const given = { maxArrayLength: arrayLength, maxStringLength: 1_000, breakLength: 100, ...options };
  const depth = Math.min(depthWithin(value, most), options.depth ?? deepest);
  return safely(value, () => {
    const [few, left] = depth === 0 ? firstKeys(value, most) : [value, 0];
    const text = inspect(few, { ...given, depth });
    return left === 0 ? text : `${text.replace(/\s*\}$/, "")},\n  … ${left} more properties\n}`;
  });
}

/** A value in one short line. */
export function brief(value: unknown): string {
  const options = { breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 5, maxStringLength: 60, depth: 1 };
  return plainText(value, options, 200).slice(0, 400);
}

/** What is said of a thrown value, whatever it is. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    return "an error that can't be shown";
  }
}

function safely(value: unknown, write: () => string): string {
  try {
    return write();
  } catch (first) {
    try {
      return inspect(value, { depth: 0, customInspect: false, maxArrayLength: 10, maxStringLength: 100 });
    } catch {
      return `(a ${typeof value} that can't be shown: ${messageOf(first)})`;
    }
  }
}

// `inspect` bounds arrays and strings but not the number of properties, nor the product of width and depth.
function depthWithin(value: unknown, most: number): number {
  for (let depth = 0; depth <= deepest; depth++)
    if (entries(value, depth, most) < 0) return Math.max(depth - 1, 0);
  return deepest;
}

/** `left` less the entries shown of `value` down to `depth`; negative where they are too many or can't be counted. */
function entries(value: unknown, depth: number, left: number): number {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return left - 1;
  try {
    let after = left - 1;
    for (const inner of children(value, after + 1)) {
      after = depth === 0 ? after - 1 : entries(inner, depth - 1, after);
      if (after < 0) return after;
    }
    return after;
  } catch {
    return -1;
  }
}

function* children(value: object, most: number): Generator<unknown, void, undefined> {
  if (Array.isArray(value)) {
    for (let i = 0; i < Math.min(value.length, arrayLength); i++) yield value[i];
  } else if (value instanceof Map) {
    let count = 0;
    for (const pair of Map.prototype.entries.call(value)) {
      if (count++ === arrayLength) return;
      yield pair[0];
      yield pair[1];
    }
  } else if (value instanceof Set) {
    let count = 0;
    for (const item of Set.prototype.values.call(value)) {
      if (count++ === arrayLength) return;
      yield item;
    }
  } else {
    for (const key of Object.keys(value).slice(0, most))
      yield Object.getOwnPropertyDescriptor(value, key)?.value;
  }
}

function firstKeys(value: unknown, most: number): [shown: unknown, left: number] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return [value, 0];
  const keys = Object.keys(value);
  if (keys.length <= most / 2) return [value, 0];
  const few = Math.min(arrayLength, most / 4);
  const shown: object = Object.create(Object.getPrototypeOf(value));
  for (const key of keys.slice(0, few)) {
    Object.defineProperty(shown, key, Object.getOwnPropertyDescriptor(value, key)!);
  }
  return [shown, keys.length - few];
}
