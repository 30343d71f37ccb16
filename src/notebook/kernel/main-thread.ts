import type { Cell, Outcome, ToMain } from "./link";

/** The thread that runs cells, as the protocol's thread sees it. */
export class MainThread {
  #cell: { id: number; resolve: (outcome: Outcome) => void } | undefined;

  constructor(readonly send: (message: ToMain) => void) {}

  run(cell: Cell): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#cell = { id: cell.id, resolve };
      this.send({ kind: "execute", cell });
    });
  }

  finished(id: number, outcome: Outcome): void {
    if (this.#cell?.id === id) this.#cell.resolve(outcome);
  }
}
