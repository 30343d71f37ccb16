import { interruption } from "../interruption";
import type { Cell, Outcome, ToMain } from "../link";

const patienceMilliseconds = 200;

/** What is told of cells as they begin and end to run. */
interface CellWatch {
  readonly began: (label: string) => void;
  readonly ended: () => void;
}

/** The thread that runs cells, as the protocol's thread sees it. */
export class MainThread {
  #cell: { id: number; resolve: (outcome: Outcome) => void } | undefined;

  #question = 0;
  readonly #asked = new Map<number, (keys: readonly string[]) => void>();

  constructor(
    readonly send: (message: ToMain) => void,
    readonly watch: CellWatch,
  ) {}

  run(cell: Cell): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#cell = { id: cell.id, resolve };
      this.watch.began(cell.program.label);
      this.send({ kind: "execute", cell });
    });
  }

  /** The names of the properties of a variable's value; none where the thread is too busy to say. */
  keys(path: readonly string[]): Promise<readonly string[]> {
    if (this.#cell !== undefined) return Promise.resolve([]);
    const id = ++this.#question;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      setTimeout(() => this.answered(id, []), patienceMilliseconds);
      this.send({ kind: "keys", id, path });
    });
  }

  answered(id: number, keys: readonly string[]): void {
    this.#asked.get(id)?.(keys);
    this.#asked.delete(id);
  }

  /** After an interruption: what was sent before it and struck by it too early to answer counts as interrupted. */
  interrupted(): void {
    if (this.#cell !== undefined) this.finished(this.#cell.id, { failure: interruption });
    for (const id of this.#asked.keys()) this.answered(id, []);
  }

  finished(id: number, outcome: Outcome): void {
    if (this.#cell?.id !== id) return;
    this.#cell.resolve(outcome);
    this.#cell = undefined;
    this.watch.ended();
  }
}
