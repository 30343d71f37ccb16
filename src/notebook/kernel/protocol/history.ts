import { type Entry, HistoryFiles } from "./history-files";

/** A line of the answer to `history_request`: session, count, and the input with or without its output. */
type HistoryLine = readonly [number, number, string | readonly [string, string | null]];

type Request = Readonly<Record<string, unknown>>;

const longestOutput = 10_000;

/** What was run in this process, and in earlier ones where it is kept in files. */
export class History {
  readonly #entries: Entry[] = [];
  readonly #files: HistoryFiles | undefined;

  /** @param folder where sessions are kept; undefined keeps this one in memory alone */
  constructor(folder: string | undefined) {
    this.#files = folder === undefined ? undefined : new HistoryFiles(folder);
  }

  add(count: number, input: string): void {
    const session = this.#files?.begin() ?? 1;
    this.#entries.push({ session, count, input, output: null });
    this.#files?.append({ count, input });
  }

  setOutput(count: number, output: string): void {
    const entry = this.#entries.at(-1);
    if (entry?.count !== count) return;
    entry.output = output.slice(0, longestOutput);
    this.#files?.append({ count, output: entry.output });
  }

  /** Answers a `history_request`, as IPython does but for the present session, which has its number and not 0. */
  find(request: Request): HistoryLine[] {
    return this.#choose(request).map(({ session, count, input, output }) => [
      session,
      count,
      request.output ? [input, output] : input,
    ]);
  }

  #choose(request: Request): readonly Entry[] {
    const last = typeof request.n === "number" && request.n > 0 ? request.n : Number.POSITIVE_INFINITY;
    switch (request.hist_access_type) {
      case "range":
        return this.#range(Number(request.session ?? 0), Number(request.start ?? 1), request.stop);
      case "search":
        return this.#search(glob(String(request.pattern ?? "*")), request.unique === true, last);
      default:
        return this.#latest(last, () => true);
    }
  }

  #range(asked: number, start: number, stop: unknown): readonly Entry[] {
    const present = this.#files?.session ?? 1;
    const session = asked <= 0 ? present + asked : asked;
    const entries = session === present ? this.#entries : (this.#files?.read(session) ?? []);
    const end = (entries.at(-1)?.count ?? 0) + 1;
    const from = start < 0 ? start + end : start;
    const until = typeof stop !== "number" || stop === 0 ? end : stop < 0 ? stop + end : stop;
    return entries.filter(({ count }) => count >= from && count < until);
  }

  #search(pattern: RegExp, unique: boolean, last: number): readonly Entry[] {
    const seen = new Set<string>();
    return this.#latest(last, ({ input }) => {
      if (!pattern.test(input) || (unique && seen.has(input))) return false;
      seen.add(input);
      return true;
    });
  }

  /** The last `n` entries that `wanted` takes, in the order of time; sessions are read backwards until there are enough. */
  #latest(n: number, wanted: (entry: Entry) => boolean): readonly Entry[] {
    const found: Entry[] = [];
    const take = (entries: readonly Entry[]) => {
      for (let at = entries.length - 1; at >= 0 && found.length < n; at--) {
        if (wanted(entries[at]!)) found.push(entries[at]!);
      }
    };
    take(this.#entries);
    for (const session of this.#files?.earlier() ?? []) {
      if (found.length >= n) break;
      take(this.#files!.read(session));
    }
    return found.reverse();
  }
}

/** SQLite's GLOB, which IPython's history is searched with. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[(\^?\]?[^\]]*)\]|[\s\S]/g, (part, set: string | undefined) => {
    if (set !== undefined && set !== "" && set !== "^") return `[${set.replace(/[\\[\]]/g, "\\$&")}]`;
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replace(/[.+^${}()|[\]\\*?]/g, "\\$&");
  });
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return /(?!)/; // A range the wrong way round, which matches nothing.
  }
}
