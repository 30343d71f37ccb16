import type { CompressedPoint } from "./compression";
import { beyond, keeps, type Margins } from "./judge";
import type { Budget } from "./options";

/** A point, and whether it keeps the budget. */
interface Choice {
  readonly point: CompressedPoint;
  readonly met: boolean;
}

/**
 * The smallest point that keeps the budget with its margins, the one of least log-loss where only bytes are limited, and the
 * nearest one where none keeps it.
 *
 * Of the models of one descent those count that keep the budget from the safest one on without a gap, as prices rise: of many that
 * lose too much one may seem to keep it by luck, and the smallest of all that seem so is likely such a one. Tests in
 * a fixed order up to the first that fails need no correction for their number (Angelopoulos et al., 2021, "Learn then Test",
 * section 3.2). Where the order starts is found in the same rows here, so that this holds only as far as the safest one is safe:
 * where most models of a descent lose too much, or many descents are tried, luck still has more than one chance.
 *
 * @param points in order of bytes, at least one
 */
export function choiceOf(points: readonly CompressedPoint[], budget: Budget, margins: Margins): Choice {
  const { maxBytes = Number.POSITIVE_INFINITY, ...quality } = budget;
  const small = points.filter(({ bytes }) => bytes <= maxBytes);
  if (small.length === 0) return { point: points[0], met: false };
  if (Object.keys(quality).length === 0) return { point: best(small), met: true };
  const far = ({ crossValidated }: CompressedPoint) => beyond(crossValidated, budget, margins);
  const sure = new Set(descentsOf(points).flatMap((path) => withoutGap(path, budget, margins)));
  const good = small.filter((p) => sure.has(p));
  if (good.length > 0) return { point: good[0], met: true };
  return { point: small.reduce((near, p) => (far(p) < far(near) ? p : near)), met: false };
}

/** The points of each descent, from the lowest price of a bit. */
function descentsOf(points: readonly CompressedPoint[]): CompressedPoint[][] {
  const descents = new Map<string, CompressedPoint[]>();
  for (const point of points) {
    const name = JSON.stringify([point.effort, point.input, point.levels, point.lambda]);
    descents.set(name, [...(descents.get(name) ?? []), point]);
  }
  return [...descents.values()].map((path) => path.sort((a, b) => a.mu - b.mu));
}

/** Those of a path from its safest point on up to the first that does not keep the quality that is asked for. */
function withoutGap(
  path: readonly CompressedPoint[],
  { maxBytes: _, ...quality }: Budget,
  margins: Margins,
): readonly CompressedPoint[] {
  const far = path.map(({ crossValidated }) => beyond(crossValidated, quality, margins));
  const from = far.indexOf(Math.min(...far));
  const fails = path.findIndex((p, at) => at >= from && !keeps(p.bytes, p.crossValidated, quality, margins));
  return path.slice(from, fails < 0 ? path.length : fails);
}

/** The point of least log-loss, the smallest of equals. */
function best(points: readonly CompressedPoint[]): CompressedPoint {
  return points.reduce((least, p) => (p.crossValidated.logLoss < least.crossValidated.logLoss ? p : least));
}
