#!/usr/bin/env node
import { LogitpressError } from "../base/errors";
import { kernelCommand } from "./kernel";
import { runCommand } from "./run";

const usage = `Usage: logitpress <command>

  kernel install|uninstall --prefix FOLDER   register the notebook kernel below a prefix, or remove it
  run NOTEBOOK [--html FILE] [--output FILE] execute a notebook without a browser; fails when a cell fails

  logitpress <command> --help says more.`;

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  kernel: kernelCommand,
  run: runCommand,
};

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    console.log(usage);
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(commands, name)) {
    console.error(`logitpress: unknown command: ${name}; expected ${Object.keys(commands).join(" or ")}`);
    return 2;
  }
  return await commands[name](args);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof LogitpressError || isArgumentError(error);
    console.error(known ? `logitpress: ${(error as Error).message}` : error);
    process.exitCode = 1;
  },
);

function isArgumentError(error: unknown): boolean {
  return (
    error instanceof TypeError && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS")
  );
}
