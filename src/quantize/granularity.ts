import { checkChoice, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkList } from "../base/shape";
import type { LinearScorer } from "../model/linear";
import { columnLookup, groupNumbers } from "../train/feature-groups";
import type { Granularity, QuantizeMethod, QuantizeOptions, QuantizePlan } from "./options";

/** The most bits of levels for each bit of a code where classes have levels of their own without being asked. */
const mostForLevels = 0.1;
/** The most levels of all classes then: their refit takes time as the square of their number. */
const mostShared = 256;

/** What shares levels, chosen where the options do not say. @param descent whether codes and levels are moved in turn */
export function granularityOf(
  { granularity, levelPrecision }: QuantizeOptions,
  method: QuantizeMethod,
  bits: number,
  descent: boolean,
  { outputs, weights }: LinearScorer,
): Granularity {
  if (granularity !== undefined) {
    return checkChoice(granularity, "granularity", ["model", "class", "group", "block"] as const);
  }
  if (!descent) return "model";
  const levels = outputs * (method === "uniform" || method === "powerOfTwo" ? 1 : 2 ** bits);
  const codeBits = bits * weights.reduce((count, w) => count + Number(w !== 0), 0);
  const levelBits = levels * (levelPrecision === "float32" ? 32 : 16);
  return outputs > 1 && levels <= mostShared && levelBits <= mostForLevels * codeBits ? "class" : "model";
}

/** How weights are parted. @throws `missing-option`, `invalid-option`, `missing-column` for groups or blocks that are none */
export function partingOf(
  granularity: Granularity,
  { groups, blockSize = 128 }: QuantizeOptions,
  model: LinearScorer,
): Pick<QuantizePlan, "granularity" | "parting"> {
  if (granularity === "block") {
    const size = checkNumber(blockSize, "blockSize", { min: 1, max: 2 ** 32 - 1, integer: true });
    return { granularity, parting: { by: "block", size } };
  }
  if (granularity !== "group") {
    const several = granularity === "class" && model.outputs > 1;
    return { granularity, parting: several ? { by: "class" } : null };
  }
  if (groups === undefined) {
    return fail("missing-option", {
      thing: "groups",
      expected: 'features that share levels for the granularity "group"',
    });
  }
  const { features: columns, featureNames } = model;
  checkList(groups, "groups");
  const columnOf = columnLookup({ columns, featureNames }, groups.flat());
  return {
    granularity,
    parting: { by: "group", groups: groupNumbers(columns, groups, columnOf, "together") },
  };
}
