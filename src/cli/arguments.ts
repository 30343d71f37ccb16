import { type ParseArgsConfig, parseArgs } from "node:util";
import { fail } from "../base/errors";
import { nearest } from "../base/nearest";

/**
 * The options and other arguments of a command.
 * @throws `unknown-option` for one that is not in `config.options`; `invalid-option` for a value that is missing or too many, and for an
 * option that is given twice
 */
export function parseArguments<C extends ParseArgsConfig>(config: C): ReturnType<typeof parseArgs<C>> {
  try {
    const parsed = parseArgs(config);
    checkTwice(config);
    return parsed;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const given = /'(?:-\w, )?(-[^\s']*)/.exec(message)?.[1];
    if (given === undefined || code?.startsWith("ERR_PARSE_ARGS") !== true) throw cause;
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
      const names = Object.keys(config.options ?? {}).map((name) => `--${name}`);
      const like = given.startsWith("--") ? nearest(given, names) : undefined;
      fail(
        "unknown-option",
        {
          thing: "option",
          value: given,
          expected: like ?? `one of ${names.join(", ")}`,
          remedy: "Each command says with --help what it takes.",
        },
        { cause },
      );
    }
    const type = config.options?.[given.replace(/^--/, "")]?.type;
    const expected = type === "boolean" ? "no value after it" : `a value after it, or ${given}=VALUE`;
    fail("invalid-option", { thing: "option", value: given, expected }, { cause });
  }
}

function checkTwice(config: ParseArgsConfig): void {
  const given = new Set<string>();
  for (const token of parseArgs({ ...config, tokens: true }).tokens) {
    if (token.kind !== "option") continue;
    const { name } = token;
    const { type, multiple } = config.options![name];
    if (given.has(name) && type === "string" && multiple !== true) {
      fail("invalid-option", { thing: "option", value: `--${name}`, expected: "it once" });
    }
    given.add(name);
  }
}
