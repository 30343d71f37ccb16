/**
 * Levels that stand for about as many values each: the sorted values are cut into `count` runs of the same importance, and
 * a level is the mean of a run. Values that are equal stay together, so there may be fewer levels.
 *
 * @param importances how much each value counts; `null` for ones
 * @returns the levels, ascending and distinct
 */
export function quantileLevels(
  values: Float64Array,
  count: number,
  importances: Float64Array | null,
): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const mass = (i: number) => (importances === null ? 1 : importances[i]);
  const total = order.reduce((sum, i) => sum + mass(i), 0);
  const levels: number[] = [];
  let passed = 0;
  let end = total / count;
  let runMass = 0;
  let runSum = 0;
  for (let at = 0; at < order.length; at++) {
    const i = order[at];
    passed += mass(i);
    runMass += mass(i);
    runSum += mass(i) * values[i];
    const tied = at + 1 < order.length && values[order[at + 1]] === values[i];
    const full = passed >= end * (1 - 1e-12);
    if (tied || (!full && at + 1 < order.length)) continue;
    // A run without importance is as good as any of its values.
    levels.push(runMass > 0 ? runSum / runMass : values[i]);
    runMass = 0;
    runSum = 0;
    end = (total / count) * (Math.floor((passed / total) * count * (1 + 1e-12)) + 1);
  }
  return Float64Array.from(new Set(levels.slice(0, count))).sort();
}
