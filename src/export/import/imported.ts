import { checkLength } from "../../base/check";
import { fail } from "../../base/errors";
import type { Label } from "../../matrix/dataset";
import { listedNames, numberedNames } from "../../matrix/names";
import type { Link } from "../../model/scorer";
import { checkDimensions } from "../../pack/limits";
import { StoredLinear } from "../../pack/packed";

/** A linear model as other programs keep it. */
interface Foreign {
  readonly classes: readonly Label[];
  readonly link: Link;
  /** The weight of feature j for output k at `j * outputs + k`. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly names?: readonly string[] | null;
}

/**
 * A model that was read elsewhere, once it is whole.
 * @param source what was read, for errors
 * @throws `invalid-file` for numbers that are not finite, classes that are not distinct, or sizes that don't fit
 */
export function imported(
  { classes, link, weights, intercepts, names }: Foreign,
  source: string,
): StoredLinear {
  const outputs = link === "binary" ? 1 : classes.length;
  const features = weights.length / outputs;
  const right =
    classes.length >= 2 &&
    (link !== "binary" || classes.length === 2) &&
    new Set(classes).size === classes.length &&
    Number.isInteger(features) &&
    features >= 1 &&
    intercepts.length === outputs;
  if (!right) {
    fail("invalid-file", {
      thing: source,
      value: `${classes.length} classes, ${weights.length} weights, ${intercepts.length} intercepts`,
      expected: "distinct classes, and as many weights and intercepts as they need",
    });
  }
  const wrong = [...intercepts, ...weights].find((x) => !Number.isFinite(x));
  if (wrong !== undefined)
    fail("invalid-file", { thing: `number in ${source}`, value: wrong, expected: "finite numbers" });
  checkDimensions(features, classes.length, outputs);
  if (names) checkLength(names.length, features, `names in ${source}`);
  return new StoredLinear(
    {
      classes,
      link,
      featureNames: names ? listedNames(names) : numberedNames(features),
      weights,
      intercepts,
      scale: null,
    },
    "trained",
  );
}
