import type { Shape } from "./shape";

/** What surrounds the codes. */
export interface Context extends Shape {
  readonly positions: Uint32Array;
  /** The sign, -1 or 1, of what a code stands for, by its place among the stored weights; `null` where unknown. */
  readonly signs: ((i: number, code: number) => number) | null;
}

/**
 * What the chances of a code are learned by. `output`: its output. `signs`: the sum of signs of the same output's weights
 * of the feature before and of that a stride before, as of the neighbours in a picture. `before`: the code of the same output's weight of the feature
 * before, in quarters of the range, if there is one. `row`: the same of the output before.
 */
export type ContextKind = "none" | "output" | "signs" | "before" | "row";

/** The kinds in the order of the format. */
export const contextKinds: readonly ContextKind[] = ["none", "output", "signs", "before", "row"];

/** The number of contexts of a kind. */
export function contextCount(kind: ContextKind, { outputs }: Context): number {
  if (kind === "none") return 1;
  if (kind === "output") return outputs;
  return kind === "signs" ? 3 : 5;
}

/** The context of each code in turn, from the codes before it in `codes`. */
export function contextsOf(
  { kind, stride }: { readonly kind: ContextKind; readonly stride: number },
  { positions, outputs, signs }: Context,
  codes: Uint16Array,
  symbols: number,
): (i: number) => number {
  if (kind === "none") return () => 0;
  if (kind === "output") return (i) => positions[i] % outputs;
  if (kind === "signs") {
    const left = follower(positions, outputs);
    const above = stride > 1 ? follower(positions, stride * outputs) : () => -1;
    const sign = (at: number) => (at < 0 || signs === null ? 0 : signs(at, codes[at]));
    return (i) => 1 + Math.sign(sign(left(i)) + sign(above(i)));
  }
  const neighbour = follower(positions, kind === "before" ? outputs : 1);
  return (i) => {
    const at = neighbour(i);
    return at < 0 ? 0 : 1 + Math.floor((4 * codes[at]) / symbols);
  };
}

/** For ascending `i`, which stored weight lies `distance` places before weight i; -1 for none. */
function follower(positions: Uint32Array, distance: number): (i: number) => number {
  let at = 0;
  return (i) => {
    while (positions[at] + distance < positions[i]) at++;
    return positions[at] + distance === positions[i] ? at : -1;
  };
}
