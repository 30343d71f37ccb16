import { interruption } from "./interruption";
import type { Cell, Outcome, Question, ToMain } from "./link";

/** The thread that runs cells, as the protocol's thread sees it. */
export class MainThread {
  #question = 0;
  #cell: { id: number; resolve: (outcome: Outcome) => void } | undefined;
  readonly #answers = new Map<number, (content: object) => void>();

  constructor(readonly send: (message: ToMain) => void) {}

  run(cell: Cell): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#cell = { id: cell.id, resolve };
      this.send({ kind: "execute", cell });
    });
  }

  ask(question: Question): Promise<object> {
    return new Promise((resolve) => {
      this.#answers.set(++this.#question, resolve);
      this.send({ kind: "ask", id: this.#question, question });
    });
  }

  /** After an interruption: what was sent before it and struck by it too early to answer counts as interrupted. */
  interrupted(): void {
    this.#cell?.resolve({ failure: interruption });
    for (const resolve of this.#answers.values()) resolve({ status: "error", ...interruption });
    this.#answers.clear();
  }

  finished(id: number, outcome: Outcome): void {
    if (this.#cell?.id === id) this.#cell.resolve(outcome);
  }

  answered(id: number, content: object): void {
    this.#answers.get(id)?.(content);
    this.#answers.delete(id);
  }
}
