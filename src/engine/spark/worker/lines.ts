import { readSync, writeSync } from "node:fs";

const chunkBytes = 1 << 20;
const newline = 10;
const tab = 9;

/** The fields of each line of standard input, read as it comes; a line may be of any length. */
export function* inputRows(file: number = 0): Generator<Buffer[]> {
  let parts: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const read = readSome(file, chunk);
    if (read === 0) break;
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0 && at < read; at = chunk.indexOf(newline, from)) {
      parts.push(chunk.subarray(from, at));
      yield fieldsOf(parts.length === 1 ? parts[0] : Buffer.concat(parts));
      parts = [];
      from = at + 1;
    }
    if (from < read) parts.push(chunk.subarray(from, read));
  }
  if (parts.length > 0) yield fieldsOf(Buffer.concat(parts));
}

/** Reads what is left of standard input, for nothing. */
export function drain(): void {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  while (readSome(0, chunk) > 0);
}

function fieldsOf(line: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let from = 0;
  for (let at = line.indexOf(tab); at >= 0; at = line.indexOf(tab, from)) {
    fields.push(line.subarray(from, at));
    from = at + 1;
  }
  fields.push(line.subarray(from));
  return fields;
}

function readSome(file: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(file, into, 0, into.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause();
    }
  }
}

/** Writes a row to standard output; whatever waits at the other end, all of it. */
export function writeRow(...fields: readonly (string | number)[]): void {
  const bytes = Buffer.from(`${fields.join("\t")}\n`, "latin1");
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      pause();
    }
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));

function pause(): void {
  Atomics.wait(never, 0, 0, 2);
}
