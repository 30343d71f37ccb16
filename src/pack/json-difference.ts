/** Where two values of JSON differ. */
export interface Difference {
  readonly where: string;
  readonly value: unknown;
  readonly expected: string;
}

/**
 * Finds the first place where what was given is not what would be written; the order of the fields does not matter.
 * @param single whether values and intercepts are compared as 32-bit floats
 */
export function firstDifference(given: unknown, written: unknown, single: boolean): Difference | null {
  return differing(given, written, "", single);
}

function differing(given: unknown, written: unknown, where: string, single: boolean): Difference | null {
  if (typeof given === "object" && typeof written === "object" && given !== null && written !== null) {
    if (Array.isArray(given) !== Array.isArray(written)) return told(where, given, written);
    const [own, other] = [given, written] as Record<string, unknown>[];
    for (const key of new Set([...Object.keys(written), ...Object.keys(given)])) {
      const place = Array.isArray(given) ? `${where}[${key}]` : where === "" ? key : `${where}.${key}`;
      const found = differing(own[key], other[key], place, single);
      if (found !== null) return found;
    }
    return null;
  }
  if (given === written) return null;
  if (typeof given === "number" && typeof written === "number" && single && isFloat(where)) {
    if (Math.fround(given) === Math.fround(written)) return null;
  }
  return told(where, given, written);
}

function isFloat(where: string): boolean {
  return where.startsWith("intercepts[") || where.endsWith("].value");
}

function told(where: string, value: unknown, written: unknown): Difference {
  const expected =
    written === undefined ? "nothing" : `${JSON.stringify(written).slice(0, 60)} by the rest of the text`;
  return { where, value, expected };
}
