import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail } from "../base/errors";

const usage = `Usage: logitpress run NOTEBOOK [--html FILE] [--output FILE] [--python PYTHON]

Executes a notebook from its first cell to its last. What the cells tagged "print" show is written to standard
output, progress to standard error. Exits with 1 when a cell fails, and shows its error.

  --html FILE      write the executed notebook as a page
  --output FILE    write the executed notebook
  --python PYTHON  a Python that has nbclient and the kernel; default: $LOGITPRESS_PYTHON, else python3`;

/** The program that executes notebooks; it lies beside the sources since it is not TypeScript. */
const runner: string = join(__dirname, "..", "..", "..", "src", "cli", "run_notebook.py");

/** `logitpress run`: executes a notebook headless. */
export async function runCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      html: { type: "string" },
      output: { type: "string" },
      python: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [notebook, ...more] = positionals;
  if (notebook === undefined || more.length > 0) {
    fail("invalid-option", {
      thing: "notebooks",
      value: positionals.join(" "),
      expected: "exactly one path",
    });
  }
  if (!existsSync(notebook))
    fail("invalid-option", { thing: "notebook", value: notebook, expected: "a file that exists" });
  const python = values.python ?? process.env.LOGITPRESS_PYTHON ?? "python3";
  return await execute(python, [runner, notebook, values.html ?? "", values.output ?? ""]);
}

function execute(python: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, args, { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
