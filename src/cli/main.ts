#!/usr/bin/env node
import { type ErrorCode, LogitpressError } from "../base/errors";
import { nearest } from "../base/nearest";
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

type Command = (args: string[]) => Promise<number>;

// Each is loaded when it is asked for.
const commands: Readonly<Record<string, () => Command>> = {
  kernel: () => (require("./kernel") as typeof import("./kernel")).kernelCommand,
  run: () => (require("./run/run") as typeof import("./run/run")).runCommand,
  new: () => (require("./new/new") as typeof import("./new/new")).newCommand,
  fit: () => (require("./model/fit") as typeof import("./model/fit")).fitCommand,
  evaluate: () => (require("./model/evaluate") as typeof import("./model/evaluate")).evaluateCommand,
  predict: () => (require("./model/predict") as typeof import("./model/predict")).predictCommand,
  compress: () => (require("./model/compress") as typeof import("./model/compress")).compressCommand,
  export: () => (require("./model/export") as typeof import("./model/export")).exportCommand,
  inspect: () => (require("./model/inspect") as typeof import("./model/inspect")).inspectCommand,
  spark: () => (require("./spark") as typeof import("./spark")).sparkCommand,
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
    const message = `unknown ${thing}: ${name}; expected ${expected}`;
    if (args.includes("--json")) console.log(JSON.stringify({ error: { code: "invalid-option", message } }));
    console.error(`logitpress: ${message}`);
    return 2;
  }
  return await commands[name]()(args);
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
