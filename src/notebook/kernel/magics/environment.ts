import { homedir } from "node:os";
import { resolve } from "node:path";
import { fail } from "../../../base/errors";
import { words } from "./words";

const secret = /key|token|secret|passw|credential/i;
let folderBefore: string | undefined;

/** `%env`: what to print. Values that look like secrets are shown by name alone in the whole list. */
export function env(argument: string): string {
  const [, name, value] = /^([^=\s]+)(?:\s*=\s*(.*))?$/.exec(argument) ?? [];
  if (name === undefined) {
    const lines = Object.entries(process.env).map(
      ([key, text]) => `${key}=${secret.test(key) ? "••••" : text}`,
    );
    return `${lines.sort().join("\n")}\n`;
  }
  if (value === undefined) {
    const found = process.env[name];
    return found === undefined
      ? fail("invalid-option", {
          thing: "variable",
          value: name,
          expected: "one of the environment",
          remedy: `Set it: %env ${name}=value`,
        })
      : `${found}\n`;
  }
  process.env[name] = value;
  return "";
}

/** `%cd`: where the session is now. Imports are looked for from the notebook's folder all the same. */
export function cd(argument: string): string {
  const [given = "~"] = words(argument);
  const target =
    given === "-" ? (folderBefore ?? process.cwd()) : resolve(given.replace(/^~(?=$|[\\/])/, homedir()));
  const from = process.cwd();
  try {
    process.chdir(target);
  } catch (cause) {
    fail(
      "invalid-option",
      { thing: "folder", value: target, expected: "one that can be entered" },
      { cause },
    );
  }
  folderBefore = from;
  return `${process.cwd()}\n`;
}
