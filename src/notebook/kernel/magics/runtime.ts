import { appendFile, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fail } from "../../../base/errors";
import { writeWhole } from "../../../base/whole-file";
import { transport } from "../../transport";
import { runCommand } from "./command";
import { cd, env } from "./environment";
import { magicsKey } from "./key";
import { cellMagics, lineMagics } from "./list";
import { StopWatch, timeitLine } from "./timing";
import { who, whos } from "./variables";
import { words } from "./words";

/** What the magics work on. */
interface MagicsHost {
  /** The session's variables. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The notebook's folder. */
  readonly folder: string;
  /** Called when packages may have changed. */
  readonly packagesChanged: () => void;
}

const print = (text: string): void => void process.stdout.write(text);

/** The magics as the code that cells become calls them. */
export class Magics {
  readonly #watches: StopWatch[] = [];

  constructor(readonly host: MagicsHost) {}

  /** Starts a stop watch. */
  begin(): number {
    return this.#watches.push(new StopWatch());
  }

  /** Stops the watch that was the `begun`-th, says the time, and hands the value on. */
  end<T>(begun: number, value: T): T {
    const [watch] = this.#watches.splice(begun - 1);
    print(watch!.line());
    return value;
  }

  /** Stops the last watch. */
  stop(): void {
    this.end(this.#watches.length, undefined);
  }

  /** Forgets the watches of a cell that has thrown. */
  clear(): void {
    this.#watches.length = 0;
  }

  async timeit(run: () => unknown): Promise<void> {
    print(await timeitLine(run));
  }

  /** Runs a line magic. */
  async line(name: string, argument: string): Promise<void> {
    switch (name) {
      case "!":
        return await runCommand({ program: argument, arguments: [], shell: true });
      case "npm": {
        const { folder } = this.host;
        await runCommand({ program: `npm ${argument}`, arguments: [], shell: true, folder });
        return this.host.packagesChanged();
      }
      case "env":
        return print(env(argument));
      case "cd":
        return print(cd(argument));
      case "pwd":
        return print(`${process.cwd()}\n`);
      case "who":
        return print(who(this.host.variables));
      case "whos":
        return transport()?.displayData(whos(this.host.variables), {});
      case "lsmagic":
        return print(listing());
    }
  }

  /** Runs a cell magic. */
  async cell(name: string, argument: string, body: string): Promise<void> {
    switch (name) {
      case "bash":
      case "sh":
        return await runCommand({
          program: name,
          arguments: ["-s", "--", ...words(argument)],
          input: body,
          shell: false,
        });
      case "writefile":
        return await writeCell(argument, body);
      default:
        return transport()?.displayData({ [types[name]!]: body, "text/plain": body }, {});
    }
  }
}

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  markdown: "text/markdown",
  latex: "text/latex",
  svg: "image/svg+xml",
};

/** Puts the magics where cells find them. */
export function offerMagics(magics: Magics): void {
  Object.defineProperty(globalThis, Symbol.for(magicsKey), { value: magics, enumerable: false });
}

async function writeCell(argument: string, body: string): Promise<void> {
  const given = words(argument);
  const append = given[0] === "-a";
  const [file, ...more] = append ? given.slice(1) : given;
  if (file === undefined || more.length > 0) {
    fail("invalid-option", { thing: "file of %%writefile", value: argument, expected: "[-a] FILE" });
  }
  const path = resolve(file);
  const text = body.endsWith("\n") || body === "" ? body : `${body}\n`;
  await mkdir(dirname(path), { recursive: true });
  await (append ? appendFile(path, text) : writeWhole(path, text));
  print(`${append ? "added to" : "written to"} ${file}\n`);
}

function listing(): string {
  const all = [
    ...lineMagics,
    { name: "!", usage: "!COMMAND", about: "runs a command by the shell" },
    ...cellMagics,
  ];
  const width = Math.max(...all.map(({ usage }) => usage.length));
  return `${all.map(({ usage, about }) => `${usage.padEnd(width)}  ${about}`).join("\n")}\n`;
}
