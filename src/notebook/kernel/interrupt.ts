import { Session } from "node:inspector";

const patienceMilliseconds = 60;
const attempts = 50;

/**
 * Stops what the main thread does. It is asked first; when it is too busy to answer, its JavaScript is terminated
 * from this thread, again until it answers.
 */
export class Interrupter {
  #id = 0;
  #answered = 0;

  constructor(readonly ask: (id: number) => void) {}

  /** Notes the answer to the question `id`. */
  answered(id: number): void {
    this.#answered = Math.max(this.#answered, id);
  }

  async interrupt(): Promise<void> {
    const first = this.#id + 1;
    for (let attempt = 0; attempt < attempts; attempt++) {
      this.ask(++this.#id);
      await pause(patienceMilliseconds);
      if (this.#answered >= first) return;
      terminate();
    }
  }
}

function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => session.disconnect());
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
