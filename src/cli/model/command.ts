import { statSync } from "node:fs";
import type { ParseArgsConfig } from "node:util";
import { fail, LogitpressError } from "../../base/errors";
import { parseArguments } from "../arguments";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** What a command takes. */
interface CommandForm<O extends Options> {
  readonly usage: string;
  /** What each argument that is no option is called. */
  readonly arguments: readonly string[];
  readonly options: O;
}

type Values<O extends Options> = {
  readonly [K in keyof O]?: O[K] extends { multiple: true }
    ? string[]
    : O[K] extends { type: "string" }
      ? string
      : boolean;
} & { readonly json?: boolean };

/** A command of the program: its arguments to its exit code. */
export type Command = (args: string[]) => Promise<number>;

/** A command that parses its arguments, answers `--help`, and stops in order at Ctrl-C (exit code 130) and SIGTERM (143). */
export function commandOf<O extends Options>(
  form: CommandForm<O>,
  run: (given: readonly string[], values: Values<O>, signal: AbortSignal) => Promise<void>,
): Command {
  return async (args) => {
    const { values, positionals } = parseArguments({
      args,
      allowPositionals: true,
      options: { ...form.options, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if ((values as { help?: boolean }).help) {
      console.log(form.usage);
      return 0;
    }
    if (positionals.length !== form.arguments.length) {
      fail("invalid-option", {
        thing: "arguments",
        value: positionals.join(" "),
        expected: form.arguments.join(" "),
      });
    }
    const stop = new AbortController();
    let code = 130;
    const interrupt = (signal: NodeJS.Signals): void => {
      if (signal === "SIGTERM") code = 143;
      stop.abort();
    };
    process.once("SIGINT", interrupt);
    process.once("SIGTERM", interrupt);
    try {
      await run(positionals, values as unknown as Values<O>, stop.signal);
      return 0;
    } catch (error) {
      if (!(error instanceof LogitpressError && error.code === "cancelled")) throw error;
      console.error("logitpress: interrupted");
      return code;
    } finally {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    }
  };
}

/** Ends a command that Ctrl-C has cut short, but that has kept what it had. */
export function interrupted(): never {
  throw new LogitpressError("cancelled", { thing: "command" });
}

/** An option as a number, or undefined where it isn't given. @throws `invalid-option` */
export function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  return fail("invalid-option", { thing: `--${name}`, value: text, expected: "a number" });
}

/** An option that must be there. @throws `missing-option` */
export function required<T>(value: T | undefined, name: string, expected: string): T {
  if (value !== undefined) return value;
  return fail("missing-option", { thing: `--${name}`, expected });
}

/**
 * The path of what a command writes.
 * @param inputs what it reads, which it must not write over
 * @throws `missing-option`, `invalid-option`
 */
export function outputOf(
  value: string | undefined,
  expected: string,
  inputs: readonly (string | undefined)[],
): string {
  const output = required(value, "output", expected);
  if (output === "") fail("invalid-option", { thing: "--output", value: output, expected });
  const own = fileOf(output);
  if (own !== undefined && inputs.some((input) => input !== undefined && fileOf(input) === own)) {
    fail("invalid-option", {
      thing: "--output",
      value: output,
      expected: "another file than what is read",
      remedy: "Name a new one.",
    });
  }
  return output;
}

/** What tells a regular file from others, whatever links lead to it. */
function fileOf(path: string): string | undefined {
  try {
    const found = statSync(path);
    return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
  } catch {
    return undefined;
  }
}

/** Names that come in several options or parted by commas. @throws `invalid-option` for an empty one */
export function namesOf(given: readonly string[] | undefined, option: string): string[] {
  const names = (given ?? []).flatMap((some) => some.split(","));
  if (names.includes("")) {
    fail("invalid-option", {
      thing: `--${option}`,
      value: given!.join(","),
      expected: "names of columns, parted by commas",
    });
  }
  return names;
}
