#!/usr/bin/env node
import { type ErrorCode, LogitpressError } from "../base/errors";
import { nearest } from "../base/nearest";
import { kernelCommand } from "./kernel";
import { compressCommand } from "./model/compress";
import { evaluateCommand } from "./model/evaluate";
import { exportCommand } from "./model/export";
import { fitCommand } from "./model/fit";
import { inspectCommand } from "./model/inspect";
import { predictCommand } from "./model/predict";
import { newCommand } from "./new/new";
import { runCommand } from "./run/run";
import { sparkCommand } from "./spark";
import { packageVersion } from "./version";

const usage = `Usage: logitpress <command>

  kernel install|uninstall|doctor   register the notebook kernel, remove it, or find out what keeps it from working
  run NOTEBOOK                      execute a notebook without a browser; fails when a cell fails
  new FOLDER                        make a notebook project that installs and runs as it is
  fit DATA                          fit a model to a table or a svmlight file
  evaluate MODEL DATA               judge a model by rows with labels
  predict MODEL DATA                write the class and the probabilities of each row
  compress MODEL|DATA               find the smallest file within a budget of bytes or of loss
  export MODEL                      write C, JavaScript, ONNX, SQL or a scikit-learn estimator
  spark up|down|status              run an Apache Spark cluster on this machine, for trying
  inspect MODEL                     say what is in a model file, and where each byte went

  logitpress <command> --help says more; logitpress --version says which this is. Exit codes: 0 done, 1 failed,
  2 called with options or arguments that it does not take, 130 stopped by Ctrl-C, 141 where nobody reads on.`;

/** Codes of errors in how a command was called. */
const misuse: readonly ErrorCode[] = ["unknown-option", "invalid-option", "missing-option"];

const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  kernel: kernelCommand,
  run: runCommand,
  new: newCommand,
  fit: fitCommand,
  evaluate: evaluateCommand,
  predict: predictCommand,
  compress: compressCommand,
  export: exportCommand,
  inspect: inspectCommand,
  spark: sparkCommand,
};

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined) {
    console.error(usage);
    return 2;
  }
  if (name === "--help" || name === "-h" || name === "--version") {
    console.log(name === "--version" ? packageVersion() : usage);
    return 0;
  }
  if (!Object.hasOwn(commands, name)) {
    const thing = name.startsWith("-") ? "option" : "command";
    const known = Object.keys(commands);
    const expected = nearest(name, known) ?? `one of ${known.join(", ")}`;
    console.error(`logitpress: unknown ${thing}: ${name}; expected ${expected}`);
    return 2;
  }
  return await commands[name](args);
}

const args = process.argv.slice(2);
main(args).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const said = mistake(error);
    if (args.includes("--json") && said !== undefined) {
      console.log(JSON.stringify({ error: { code: (error as LogitpressError).code, message: said } }));
    }
    console.error(said === undefined ? error : `logitpress: ${said}`);
    process.exitCode = said !== undefined && misuse.includes((error as LogitpressError).code) ? 2 : 1;
  },
);

process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
  // What SIGPIPE, which Node ignores, ends other programs with: nobody reads on, as in `| head`.
  if (code === "EPIPE") process.exit(141);
  console.error(`logitpress: failed writing to standard output: ${message}`);
  process.exit(1);
});
process.stderr.on("error", () => undefined);

// One line, or undefined where the error is none of the user's.
function mistake(error: unknown): string | undefined {
  if (!(error instanceof LogitpressError)) return undefined;
  return error.message.replace(/\s*\n\s*/g, " ");
}
