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

/** Fills a folder with `kernel.json` and the logos. `notes` are kept in the kernelspec for the uninstallation. */
export function writeKernelspec(folder: string, notes: Readonly<Record<string, unknown>>): void {
  for (const logo of logos) cpSync(join(packageRoot(), "src/notebook/kernelspec", logo), join(folder, logo));
  const spec = {
    argv: [
      process.execPath,
      // Without it Node aborts when a cell is ended inside a timer's callback.
      "--no-force-async-hooks-checks",
      "--disable-warning=ExperimentalWarning",
      // There signals are watched by an internal part of Node, which `process.binding` gives no more.
      ...(Number.parseInt(process.versions.node, 10) >= 24 ? ["--expose-internals"] : []),
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
