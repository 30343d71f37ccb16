import { readSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { startupSnapshot } from "node:v8";
import type { CompilerRequest } from "../program";
import { loadTslab, type Tslab } from "./load";
import { CompilerService } from "./service";

/** What the kernel reads first: the compiler is there. */
const ready = "ready";

/** Reads questions from standard input and writes answers to standard output, a line of JSON each, until its end. */
function serve(tslab: Tslab): void {
  // It ends with its input, not with a signal that is meant for the cell.
  process.on("SIGINT", () => undefined);
  const service = new CompilerService(tslab, process.cwd());
  write(ready);
  for (const line of lines()) write(answered(service, line));
}

function answered(service: CompilerService, line: string): string {
  try {
    return JSON.stringify({ answer: service.answer(JSON.parse(line) as CompilerRequest) });
  } catch (error) {
    return JSON.stringify({ error: String((error as Error | undefined)?.stack ?? error) });
  }
}

function* lines(): Generator<string> {
  const chunk = Buffer.allocUnsafe(1 << 16);
  let parts: Buffer[] = [];
  for (let size = read(chunk); size > 0; size = read(chunk)) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0 && end < size; end = chunk.indexOf(10, from)) {
      parts.push(Buffer.from(chunk.subarray(from, end)));
      yield Buffer.concat(parts).toString();
      parts = [];
      from = end + 1;
    }
    parts.push(Buffer.from(chunk.subarray(from, size)));
  }
}

function read(into: Buffer): number {
  try {
    return readSync(0, into);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EOF") return 0;
    throw error;
  }
}

function write(line: string): void {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
}

const tslab = loadTslab();
if (startupSnapshot.isBuildingSnapshot()) {
  warm(tslab);
  startupSnapshot.setDeserializeMainFunction(() => serve(tslab));
} else {
  serve(tslab);
}

/** Parses and binds what the first cell of a notebook needs, in a folder far from all packages. */
function warm(tslab: Tslab): void {
  const code = "const x = [1].map(String); x";
  new CompilerService(tslab, tmpdir()).answer({ kind: "convert", declared: "", code, label: "" });
  tslab.files.letDocsGo();
}
