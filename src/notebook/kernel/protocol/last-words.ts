import { createHash } from "node:crypto";
import { lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { remedy, size } from "./memory-words";

/** What a kernel writes down while it is busy, for the one that Jupyter starts in its place. */
interface Words {
  /** What tracebacks call the running cell; none between cells. */
  readonly cell?: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly at: number;
  /** Bytes. */
  readonly rss: number;
  readonly limit: number;
}

const againMilliseconds = 500;

/**
 * A file beside the connection file, there only while a cell runs or much memory is in use: a kernel that finds one when it
 * has just bound the ports of its connection file is the successor of one that did not end in order.
 */
export class LastWords {
  readonly #path: string;
  #cell: string | undefined;
  #began = 0;
  #written = 0;
  #closed = false;
  #predecessor: Words | undefined;

  /** @param limit of the heap, in bytes */
  constructor(
    connectionFile: string,
    readonly limit: number,
  ) {
    // Jupyter looks for connection files by parts of their names, which must not find this one.
    const key = createHash("sha256").update(connectionFile).digest("hex").slice(0, 16);
    this.#path = join(dirname(connectionFile), `.logitpress-${key}`);
    this.#predecessor = this.#read();
    this.#delete();
  }

  /** What became of the kernel before this one, as far as it could tell, once; undefined where it ended in order. */
  ofPredecessor(): string | undefined {
    const words = this.#predecessor;
    this.#predecessor = undefined;
    return words && told(words);
  }

  /** Notes which cell runs from now on. */
  began(cell: string): void {
    this.#cell = cell;
    this.#began = Date.now();
  }

  ended(): void {
    if (this.#closed) return;
    this.#cell = undefined;
    this.#remove();
  }

  /** The kernel ends in order. */
  close(): void {
    this.#closed = true;
    this.#remove();
  }

  /** Writes the file, now and then, or removes it where there is nothing to be said. */
  update(rss: number, much: boolean): void {
    if (this.#closed) return;
    if (this.#cell === undefined && !much) {
      this.#remove();
      return;
    }
    const at = Date.now();
    if (at - this.#written < againMilliseconds) return;
    const cell = this.#cell;
    const words: Words = { ...(cell && { cell }), began: this.#began, at, rss, limit: this.limit };
    try {
      // The folder may be everybody's, so that the first is never written through what another has put there.
      writeFileSync(this.#path, JSON.stringify(words), {
        mode: 0o600,
        flag: this.#written === 0 ? "wx" : "w",
      });
      this.#written = at;
    } catch {
      // A full disk or a folder that can't be written: no last words.
    }
  }

  #remove(): void {
    if (this.#written === 0) return;
    this.#written = 0;
    this.#delete();
  }

  #delete(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // It stays where the folder can't be written.
    }
  }

  #read(): Words | undefined {
    try {
      const { uid } = lstatSync(this.#path);
      if (uid !== (process.getuid?.() ?? uid)) return undefined;
      const text = readFileSync(this.#path, "utf8");
      const words = JSON.parse(text) as Words;
      return [words.began, words.at, words.rss, words.limit].every(Number.isFinite) ? words : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Where memory was not short, what else can have been. */
const otherwise = 0.8;

function told({ cell, began, at, rss, limit }: Words): string {
  const seconds = Math.round((at - began) / 1000);
  const when = cell === undefined ? "between two cells" : `while ${cell} ran, after ${seconds} s`;
  return (
    `The kernel before this one ended ${when}, with ${size(rss)} of memory in use; its heap may have ${size(limit)}. ` +
    `${rss < otherwise * limit ? "A signal, native code or an array of more than 112 million elements may have ended it." : remedy} ` +
    "Its variables are gone: run the cells anew.\n"
  );
}
