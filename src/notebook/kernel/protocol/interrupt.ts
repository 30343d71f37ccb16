import { Session } from "node:inspector";

const patienceMilliseconds = 60;
const attempts = 50;

/** What an interruption does to the main thread. */
interface InterruptSteps {
  /** Asks it to end its cell and to answer. */
  readonly ask: (id: number) => void;
  /** Called when it did not answer in time, before its JavaScript is terminated. */
  readonly insist: () => void;
  /** Called when it has answered; what was sent to it before and has no answer yet won't get one. */
  readonly ended: () => void;
}

/**
 * Stops what the main thread does. It is asked first; when it is too busy to answer, its JavaScript is terminated
 * from this thread, again until it answers.
 */
export class Interrupter {
  #id = 0;
  #answered = 0;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;

  constructor(readonly steps: InterruptSteps) {}

  /** Notes the answer to the question `id`. */
  answered(id: number): void {
    this.#answered = Math.max(this.#answered, id);
    this.#wake();
  }

  /** Resolves when the cell has ended and no termination is under way, which would strike what runs next. */
  interrupt(): Promise<void> {
    this.#running ??= this.#interrupt().finally(() => {
      this.#running = undefined;
      this.steps.ended();
    });
    return this.#running;
  }

  /** Resolves at once, or when the interruption under way is over. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #interrupt(): Promise<void> {
    let terminating = false;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const answered = await this.#ask();
      if (answered && !terminating) return;
      if (!terminating) {
        terminating = true;
        this.steps.insist();
        terminate(() => {
          terminating = false;
          this.#wake();
        });
      }
      // A thread that has just become idle is struck only by the next question.
      await this.#pause(patienceMilliseconds / 4);
    }
  }

  async #ask(): Promise<boolean> {
    const id = ++this.#id;
    this.steps.ask(id);
    const deadline = performance.now() + patienceMilliseconds;
    while (this.#answered < id) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await this.#pause(left);
    }
    return true;
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Terminates what the main thread runs; `done` is called when it has been. */
function terminate(done: () => void): void {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    done();
  });
}
