import { cpSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../base/package-root";
import { plotlyLibrary } from "../plotly-library";
import { displayName, kernelName } from "./places";

const logos = ["logo-svg.svg", "logo-32x32.png", "logo-64x64.png"];

/** The kernel's program. */
export function kernelProgram(): string {
  return join(packageRoot(), "dist", "src", "notebook", "kernel", "main.js");
}

const since24 = [
  // There signals are watched by an internal part of Node, which `process.binding` gives no more.
  "--expose-internals",
  // There each thread leaves twice as much young garbage lie as before. Elsewhere it is the default, and said it would
  // cost a start 11 ms, since Node's compiled code is for other flags then.
  "--max-semi-space-size=16",
  // There V8 takes some loops without an end for short ones and leaves out where they would hear of an interruption, e.g.
  // `for (;;) x = new Array(1000).fill({})`.
  "--no-turboshaft-loop-unrolling",
];

/** Fills a folder with `kernel.json` and the logos. `notes` are kept in the kernelspec for the uninstallation. */
export function writeKernelspec(folder: string, notes: Readonly<Record<string, unknown>>): void {
  for (const logo of logos) cpSync(join(packageRoot(), "src/notebook/kernelspec", logo), join(folder, logo));
  const spec = {
    argv: [
      process.execPath,
      // Without it Node aborts when a cell is ended inside a timer's callback.
      "--no-force-async-hooks-checks",
      "--disable-warning=ExperimentalWarning",
      ...(Number.parseInt(process.versions.node, 10) >= 24 ? since24 : []),
      kernelProgram(),
      "{connection_file}",
    ],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false, [kernelName]: notes },
  };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
}

/** Fills a folder with the chart extension of JupyterLab and its own copy of plotly. */
export function writeLabextension(folder: string): void {
  cpSync(join(packageRoot(), "src/notebook/labextension"), folder, { recursive: true });
  const plotly = plotlyLibrary();
  cpSync(plotly, join(folder, "static", "plotly.min.js"));
  cpSync(join(dirname(plotly), "LICENSE"), join(folder, "static", "plotly.LICENSE"));
}
