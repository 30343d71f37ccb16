import { existsSync } from "node:fs";
import { fail } from "../../base/errors";
import { plotlyLibrary } from "../../notebook/plotly-library";
import { parseArguments } from "../arguments";
import { findPython } from "../python";
import { execute } from "./execute";
import { injectionFor } from "./inject";
import { readParameters } from "./values";

const usage = `Usage: logitpress run NOTEBOOK [--html FILE] [--output FILE] [-p NAME=VALUE ...] [--params-file FILE]
                              [--timeout SECONDS] [--python PYTHON] [--json]

Executes a notebook from its first cell to its last. What the cells tagged "print" show is written to standard
output, progress to standard error. Exits with 1 when a cell fails, and shows its error; with 130 after Ctrl-C.

  --html FILE            write the executed notebook as one page, whose charts work without a network
  --output FILE          write the executed notebook; after a failing cell with the outputs so far, as the page
  -p, --param NAME=VALUE set a parameter: a variable of the cell tagged "parameters", whose type it must have.
                         VALUE is a number, true, false, null, an array or object of JSON, else a text;
                         a text that looks like another value goes in quotes: -p 'id="42"'
  --params-file FILE     set the parameters of a JSON object; --param goes before it
  --timeout SECONDS      fail when a cell takes longer; default: no limit
  --python PYTHON        a Python that has nbclient; default: $LOGITPRESS_PYTHON, else the first that has Jupyter
  --json                 print one JSON object instead

Example: logitpress run study.ipynb -p lambda=1e-4 --html study.html`;

/** `logitpress run`: executes a notebook headless. */
export async function runCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments({
    args,
    allowPositionals: true,
    options: {
      html: { type: "string" },
      output: { type: "string" },
      param: { type: "string", short: "p", multiple: true },
      "params-file": { type: "string" },
      timeout: { type: "string" },
      python: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [notebook, ...more] = positionals;
  if (notebook === undefined || more.length > 0) {
    const value = positionals.join(" ");
    fail("invalid-option", { thing: "notebooks", value, expected: "exactly one path" });
  }
  if (!existsSync(notebook))
    fail("invalid-file", { thing: "notebook", value: notebook, expected: "a file that exists" });
  const timeout = values.timeout === undefined ? null : secondsOf(values.timeout);
  const parameters = readParameters(values.param ?? [], values["params-file"]);
  const injection = parameters.size === 0 ? null : injectionFor(notebook, parameters);
  const { html = null, output = null, json = false } = values;
  const plotly = html === null ? null : plotlyLibrary();
  const python = findPython(values.python).command;
  return await execute(python, { notebook, html, output, timeout, injection, plotly, json });
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  return fail("invalid-option", { thing: "--timeout", value: text, expected: "whole seconds above 0" });
}
