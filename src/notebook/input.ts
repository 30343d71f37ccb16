import { readSync } from "node:fs";
import { checkKeys } from "../base/check";
import { transport } from "./transport";

/**
 * Asks the user and waits for the answer, without its line end. In a terminal reads a line of standard input.
 * @param options `password`: the front end hides what is typed (a notebook only)
 */
export function input(prompt = "", options: { readonly password?: boolean } = {}): string {
  checkKeys(options, ["password"], "input");
  const channel = transport();
  if (channel !== undefined) return channel.input(prompt, options.password ?? false);
  process.stdout.write(prompt);
  return readLine();
}

function readLine(): string {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (readSync(0, one) === 1 && one[0] !== 10) bytes.push(one[0]);
  return Buffer.from(bytes).toString("utf8").replace(/\r$/, "");
}
