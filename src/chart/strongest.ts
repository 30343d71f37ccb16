import type { LinearModel } from "../model/linear";

/**
 * What a feature weighs in a model, in the scale in which it was penalised: its weight where there is one output, else
 * the norm of its weights over the classes.
 */
export function strengthOf({ weights, outputs, scale }: LinearModel, column: number): number {
  const unit = scale === null ? 1 : scale[column];
  if (outputs === 1) return weights[column] / unit;
  let squares = 0;
  for (let k = 0; k < outputs; k++) squares += weights[column * outputs + k] ** 2;
  return Math.sqrt(squares) / unit;
}

/** The `count` columns of the largest strength, the largest first; zeros left out, the first of equals before others. */
export function strongest(model: LinearModel, count: number): number[] {
  const found: { column: number; size: number }[] = [];
  for (let column = 0; column < model.features; column++) {
    const size = Math.abs(strengthOf(model, column));
    if (!(size > (found.length < count ? 0 : found[count - 1].size))) continue;
    const place = found.findIndex((other) => other.size < size);
    found.splice(place < 0 ? found.length : place, 0, { column, size });
    if (found.length > count) found.pop();
  }
  return found.map(({ column }) => column);
}
