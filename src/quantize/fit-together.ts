import { fail } from "../base/errors";
import type { QuantizeMethod, QuantizeOptions } from "./options";

/** The bits of methods that have no such option. */
export const fixedBits: Partial<Record<QuantizeMethod, number>> = {
  ternary: 1,
  binary: 1,
  float16: 16,
  bfloat16: 16,
};

/** Whether a method's weights are rounded to 16-bit floats. */
export const isFloat = (method: QuantizeMethod): boolean => method === "float16" || method === "bfloat16";

/** Whether descent over codes is the default of a method where bits are few. */
export const descends = (method: QuantizeMethod): boolean =>
  !isFloat(method) && method !== "ternary" && method !== "entropy";

/** Throws where an option stands beside a method that has no use for it. */
export function refuseForeign(options: QuantizeOptions, method: QuantizeMethod): void {
  const signs = method === "ternary" || method === "binary";
  const foreign: [keyof QuantizeOptions, boolean][] = [
    ["symmetric", method === "uniform" || signs],
    ["range", method === "uniform"],
    ["percentile", options.range === "percentile"],
    ["bitsPerWeight", method === "entropy"],
    ["bits", fixedBits[method] === undefined],
    ["importances", !isFloat(method) && method !== "uniform"],
    ["granularity", !isFloat(method) || options.granularity === "model"],
    ["groups", options.granularity === "group"],
    ["blockSize", options.granularity === "block"],
  ];
  for (const [name, fits] of foreign) {
    if (options[name] === undefined || fits) continue;
    const reason = name === "range" && method === "kmeans" ? ", which places each level freely" : "";
    const whose =
      name === "percentile"
        ? 'any range but "percentile"'
        : name === "groups" || name === "blockSize"
          ? "that granularity"
          : `the method "${method}"`;
    refuse(name, options[name], `no such option for ${whose}${reason}`);
  }
}

/** Throws that an option does not fit. */
export function refuse(thing: string, value: unknown, expected: string): never {
  return fail("invalid-option", { thing, value, expected });
}
