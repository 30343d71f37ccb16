import { mkdtempSync, readSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";

type Print = (name: "stdout" | "stderr", text: string) => void;
type Place = (print: () => void) => void;

/** Numbers of files that child processes write to in place of the kernel's own output. */
export interface ChildFiles {
  readonly stdout: number;
  readonly stderr: number;
}

const chunk = 64 * 1024;
/** More than a socket holds; a child that goes on writing can't keep `drain` busy for ever. */
const drainChunks = 64;

/** Reads what child processes print; each stream is a pair of sockets of which they get one end. */
export class ChildOutput {
  readonly #readers: Reader[] = [];

  /** @param place calls back at the place of output that has come among what the cell prints */
  constructor(
    readonly print: Print,
    readonly place: Place,
  ) {}

  /** Opens the sockets; undefined where there are none of this kind. */
  async open(): Promise<ChildFiles | undefined> {
    if (process.platform === "win32") return undefined;
    try {
      const [stdout, stderr] = await Promise.all([this.#open("stdout"), this.#open("stderr")]);
      return { stdout, stderr };
    } catch {
      return undefined;
    }
  }

  /** Prints what children have written until now. */
  drain(): void {
    for (const reader of this.#readers) reader.drain();
  }

  /** Lets children wait, or go on. */
  hold(full: boolean): void {
    for (const reader of this.#readers) reader.hold(full);
  }

  async #open(name: "stdout" | "stderr"): Promise<number> {
    const [ours, theirs] = await socketPair();
    this.#readers.push(new Reader(ours, (text) => this.print(name, text), this.place));
    return theirs;
  }
}

class Reader {
  readonly #decoder = new StringDecoder("utf8");
  readonly #buffer = Buffer.allocUnsafe(chunk);
  readonly #file: number;

  constructor(
    readonly socket: Socket,
    readonly print: (text: string) => void,
    place: Place,
  ) {
    this.#file = fileOf(socket);
    socket.on("data", (bytes) => place(() => this.#take(bytes)));
    socket.unref();
  }

  drain(): void {
    this.#read();
    // Half a character at the end of one child is not the start of the next one's.
    this.#printText(this.#decoder.end());
  }

  #read(): void {
    for (let read = 0; read < drainChunks; read++) {
      let length: number;
      try {
        length = readSync(this.#file, this.#buffer);
      } catch {
        return; // Nothing more for now.
      }
      if (length === 0) return;
      this.#take(this.#buffer.subarray(0, length));
    }
  }

  hold(full: boolean): void {
    if (full) this.socket.pause();
    else this.socket.resume();
  }

  #take(bytes: Buffer): void {
    this.#printText(this.#decoder.write(bytes));
  }

  #printText(text: string): void {
    if (text !== "") this.print(text);
  }
}

/** Two ends of a connection in a folder of the user's own, which is gone when they are open. */
function socketPair(): Promise<[Socket, number]> {
  const folder = mkdtempSync(join(tmpdir(), "logitpress-"));
  const path = join(folder, "s");
  return new Promise<[Socket, number]>((resolve, reject) => {
    let theirs: Socket;
    const server = createServer((ours) => {
      server.close();
      kept.push(theirs);
      resolve([ours, fileOf(theirs)]);
    });
    server.on("error", reject);
    server.listen(path, () => {
      // Never read here, so that it holds nothing back and stays open while the kernel lives.
      theirs = connect(path);
      theirs.on("error", reject);
      theirs.pause();
      theirs.unref();
    });
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

const kept: Socket[] = [];

function fileOf(socket: Socket): number {
  const file = (socket as unknown as { _handle?: { fd?: number } })._handle?.fd;
  if (file === undefined || file < 0) throw new Error("the socket has no file number");
  return file;
}
