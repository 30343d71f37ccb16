/** A line of the answer to `history_request`: session, count, and the input with or without its output. */
export type HistoryLine = readonly [number, number, string | readonly [string, string | null]];

interface Entry {
  readonly count: number;
  readonly input: string;
  output: string | null;
}

/** What was run in this process: one run of the kernel is session 1. */
export class History {
  readonly #entries: Entry[] = [];

  add(count: number, input: string): void {
    this.#entries.push({ count, input, output: null });
  }

  setOutput(count: number, output: string): void {
    const entry = this.#entries.at(-1);
    if (entry?.count === count) entry.output = output;
  }

  /** Answers a `history_request`. */
  find(request: Readonly<Record<string, unknown>>): HistoryLine[] {
    const chosen = this.#choose(request);
    return chosen.map(({ count, input, output }) => [1, count, request.output ? [input, output] : input]);
  }

  #choose(request: Readonly<Record<string, unknown>>): readonly Entry[] {
    const last = typeof request.n === "number" && request.n > 0 ? request.n : this.#entries.length;
    switch (request.hist_access_type) {
      case "range":
        return this.#range(Number(request.session ?? 0), Number(request.start ?? 0), request.stop);
      case "search": {
        const pattern = glob(String(request.pattern ?? "*"));
        const found = this.#entries.filter(({ input }) => pattern.test(input));
        return (request.unique ? unique(found) : found).slice(-last);
      }
      default:
        return this.#entries.slice(-last);
    }
  }

  #range(session: number, start: number, stop: unknown): readonly Entry[] {
    // Session 0 is the present one; a negative one counts back from it, and there is none before.
    if (session !== 0 && session !== 1) return [];
    const end = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
    return this.#entries.filter(({ count }) => count >= start && count < end);
  }
}

function unique(entries: readonly Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.input, entry])).values()];
}

function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "s");
}
