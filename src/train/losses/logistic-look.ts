import type { Design } from "../design";
import type { Look, Points } from "../solvers/trials";
import type { Point } from "./logistic";

/**
 * Looks at points of the logistic loss of few dense rows plus half the sum of strengths w^2, one call each.
 * @param strengths where those of the columns lie
 */
export function logisticLook(
  design: Design,
  positive: number,
  point: Point,
  { w, g, p, next, nextG, units, pairs, found }: Points,
  strengths: number,
): Look {
  const { arena, kernels, matrix, team, labels, shares } = design;
  const [, , values, rows, columns] = matrix;
  const { logisticTrial, logisticGap } = kernels;
  const at = ({ byteOffset }: { readonly byteOffset: number }) => byteOffset;
  const [y, s, r, h] = [at(labels), at(shares), at(point.residuals), at(point.curvatures)];
  const [from, slopes, step, to, toSlopes] = [at(w), at(g), at(p), at(next), at(nextG)];
  const [unit, kept, out, scratch] = [at(units), at(pairs), at(found), at(arena.scratch(columns + 5))];
  const all = [values, rows, columns, y, positive, s, r, h, scratch] as const;
  return {
    at(t, rough, pair) {
      team.check();
      point.sides = null;
      design.passes++;
      const six = rough ? 1 : 0;
      const place = kept + 8 * pair;
      return t === 0
        ? logisticTrial(...all, six, strengths, unit, 0, from, slopes, step, from, slopes, place, out)
        : logisticTrial(...all, six, strengths, unit, t, from, slopes, step, to, toSlopes, place, out);
    },
    bound() {
      design.passes++;
      return logisticGap(values, rows, columns, s, r, h, strengths, from, scratch);
    },
  };
}
