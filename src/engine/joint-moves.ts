/** A weight of which moves lower the objective, each alone. */
export interface Mover {
  /** Its number among the weights. */
  readonly i: number;
  /** Where it may go, and what the objective then changes by. */
  readonly moves: readonly { readonly code: number; readonly by: number; readonly change: number }[];
  /** The Hessian of its problem over all that may move there, a lower triangle; those of one problem share it. */
  readonly hessian: Float64Array;
  /** Its row there. */
  readonly row: number;
}

/** Sweeps over the movers at most. */
const mostSweeps = 20;

/**
 * The moves that go well together, by descent over the movers in turn: what each changes by itself is exact, what two change beside that is
 * the product of their ways with the Hessian between them.
 */
export function together(movers: readonly Mover[]): { readonly i: number; readonly code: number }[] {
  const chosen = movers.map((): Mover["moves"][number] | null => null);
  const pulls = new Float64Array(movers.length);
  for (let sweep = 0, moved = true; sweep < mostSweeps && moved; sweep++) {
    moved = false;
    movers.forEach((mover, m) => {
      let best: Mover["moves"][number] | null = null;
      let least = 0;
      for (const move of mover.moves) {
        const change = move.change + move.by * pulls[m];
        if (change < least) [best, least] = [move, change];
      }
      if (best === chosen[m]) return;
      moved = true;
      const by = (best?.by ?? 0) - (chosen[m]?.by ?? 0);
      movers.forEach((other, o) => {
        if (o !== m && other.hessian === mover.hessian) pulls[o] += by * between(mover, other);
      });
      chosen[m] = best;
    });
  }
  return movers.flatMap(({ i }, m) => (chosen[m] === null ? [] : [{ i, code: chosen[m].code }]));
}

function between({ hessian, row }: Mover, other: Mover): number {
  const size = Math.sqrt(hessian.length);
  return hessian[Math.max(row, other.row) * size + Math.min(row, other.row)];
}
