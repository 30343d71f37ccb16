import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const mostSessions = 1000;
const mostBytes = 20 * 1024 * 1024;
const name = /^session-(\d+)\.jsonl$/;

/** A cell that was run. */
export interface Entry {
  readonly session: number;
  readonly count: number;
  readonly input: string;
  output: string | null;
}

/** A line of a session's file; its first one names the process instead. */
interface Line {
  readonly count: number;
  readonly input?: string;
  readonly output?: string;
}

/** `LOGITPRESS_HISTORY`, or a folder among the user's Jupyter data; undefined where the variable is empty or 0. */
export function historyFolder(): string | undefined {
  const { LOGITPRESS_HISTORY: own, JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (own !== undefined) return own === "" || own === "0" ? undefined : own;
  return join(JUPYTER_DATA_DIR || platformData(XDG_DATA_HOME, APPDATA), "logitpress", "history");
}

function platformData(xdg: string | undefined, appData: string | undefined): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32" && appData) return join(appData, "jupyter");
  return join(xdg || join(homedir(), ".local", "share"), "jupyter");
}

/**
 * Sessions as files of JSON lines, one each, written line by line, so that a killed kernel loses nothing. A folder that
 * can't be used costs the history alone.
 */
export class HistoryFiles {
  #number: number | undefined;
  #file: number | undefined;

  constructor(readonly folder: string) {}

  /** The number of this session, as it would be were it begun now. */
  get session(): number {
    return this.#number ?? (this.#numbers()[0] ?? 0) + 1;
  }

  /** Takes a number and makes the file, at the first cell, so that no start waits for it. */
  begin(): number {
    this.#number ??= this.#begin();
    return this.#number;
  }

  append(line: Line): void {
    if (this.#file === undefined) return;
    try {
      writeSync(this.#file, `${JSON.stringify(line)}\n`);
    } catch {
      this.#file = undefined;
    }
  }

  /** The numbers of the other sessions before this one, the latest first. */
  earlier(): number[] {
    const own = this.session;
    return this.#numbers().filter((number) => number < own);
  }

  /** What a session has run; empty where there is none. Broken lines are passed over. */
  read(session: number): Entry[] {
    let text: string;
    try {
      text = readFileSync(this.#path(session), "utf8");
    } catch {
      return [];
    }
    const entries: Entry[] = [];
    for (const row of text.split("\n")) {
      const line = parsed(row);
      if (line?.input !== undefined)
        entries.push({ session, count: line.count, input: line.input, output: null });
      const last = entries.at(-1);
      if (line?.output !== undefined && last?.count === line.count) last.output = line.output;
    }
    return entries;
  }

  #begin(): number {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      for (let number = (this.#numbers()[0] ?? 0) + 1; ; number++) {
        const file = this.#create(number);
        if (file === undefined) continue; // Another kernel was faster.
        this.#file = file;
        writeSync(file, `${JSON.stringify({ pid: process.pid })}\n`);
        setImmediate(() => this.#prune(number));
        return number;
      }
    } catch {
      return this.session;
    }
  }

  #create(number: number): number | undefined {
    try {
      return openSync(this.#path(number), "ax", 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
      throw error;
    }
  }

  /** Removes the oldest sessions beyond the bounds, never that of a living kernel. */
  #prune(own: number): void {
    let sessions = 0;
    let bytes = 0;
    for (const number of this.#numbers()) {
      try {
        const path = this.#path(number);
        sessions++;
        bytes += statSync(path).size;
        if ((sessions > mostSessions || bytes > mostBytes) && number !== own && !lives(path)) rmSync(path);
      } catch {
        // Another kernel has removed it, or it can't be removed: the next one tries again.
      }
    }
  }

  #numbers(): number[] {
    let files: string[];
    try {
      files = readdirSync(this.folder);
    } catch {
      return [];
    }
    const numbers = files.flatMap((file) => name.exec(file)?.[1] ?? []).map(Number);
    return numbers.sort((a, b) => b - a);
  }

  #path(session: number): string {
    return join(this.folder, `session-${String(session).padStart(6, "0")}.jsonl`);
  }
}

function parsed(row: string): Line | undefined {
  try {
    const line = JSON.parse(row) as Line | null;
    const right =
      typeof line?.count === "number" &&
      (line.input === undefined || typeof line.input === "string") &&
      (line.output === undefined || typeof line.output === "string");
    return right ? line : undefined;
  } catch {
    return undefined;
  }
}

/** True while the process that the file's first line names is there. */
function lives(path: string): boolean {
  const file = openSync(path, "r");
  const start = Buffer.alloc(64);
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  const pid = /^\{"pid": *(\d+)\}/.exec(start.toString())?.[1];
  try {
    return pid !== undefined && process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
