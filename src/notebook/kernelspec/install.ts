import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, LogitpressError } from "../../base/errors";
import { ensureSnapshot } from "../kernel/compiler/snapshot";
import { packageRoot } from "../kernel/packages";

/** The name by which Jupyter knows the kernel. */
export const kernelName: string = "logitpress";

/** Where {@link installKernel} has put things. */
export interface InstalledKernel {
  /** The folder of `kernel.json`. */
  readonly folder: string;
  /** The folder of the extension that draws charts in JupyterLab. */
  readonly labextension: string;
}

/**
 * Installs the kernel and the chart extension of JupyterLab below `prefix`, a Python environment or any folder
 * with `share/jupyter`. What is there of an earlier installation is replaced; nothing is left half-installed.
 *
 * @throws {LogitpressError} `failed` where the folder can't be written.
 */
export function installKernel({ prefix }: { prefix: string }): InstalledKernel {
  const places = placesBelow(prefix);
  const share = join(prefix, "share", "jupyter");
  try {
    ensureSnapshot();
    mkdirSync(share, { recursive: true });
    const staging = mkdtempSync(join(share, ".logitpress-"));
    try {
      replace(places.labextension, writeLabextension(join(staging, "labextension")), staging);
      replace(places.folder, writeKernelspec(join(staging, "kernelspec")), staging);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  } catch (error) {
    refuse("install", prefix, error);
  }
  return places;
}

/** Removes what {@link installKernel} has put below `prefix`, and nothing else. Returns where it was. */
export function uninstallKernel({ prefix }: { prefix: string }): InstalledKernel {
  const places = placesBelow(prefix);
  try {
    rmSync(places.folder, { recursive: true, force: true });
    rmSync(places.labextension, { recursive: true, force: true });
  } catch (error) {
    refuse("uninstall", prefix, error);
  }
  return places;
}

function placesBelow(prefix: string): InstalledKernel {
  const share = join(prefix, "share", "jupyter");
  return {
    folder: join(share, "kernels", kernelName),
    labextension: join(share, "labextensions", kernelName),
  };
}

function writeKernelspec(folder: string): string {
  const root = packageRoot();
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "src/notebook/kernelspec/logo-svg.svg"), join(folder, "logo-svg.svg"));
  const spec = {
    argv: [
      process.execPath,
      // Without it Node aborts when a cell is ended inside a timer's callback.
      "--no-force-async-hooks-checks",
      "--disable-warning=ExperimentalWarning",
      join(root, "dist/src/notebook/kernel/main.js"),
      "{connection_file}",
    ],
    display_name: "TypeScript (logitpress)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  return folder;
}

function writeLabextension(folder: string): string {
  cpSync(join(packageRoot(), "src/notebook/labextension"), folder, { recursive: true });
  const plotly = dirname(require.resolve("plotly.js-dist-min/package.json"));
  cpSync(join(plotly, "plotly.min.js"), join(folder, "static", "plotly.min.js"));
  cpSync(join(plotly, "LICENSE"), join(folder, "static", "plotly.LICENSE"));
  return folder;
}

/** Puts `fresh` in place of `target`; both renames are within one file system. */
function replace(target: string, fresh: string, staging: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const old = join(staging, `old-${dirname(target).length}`);
  try {
    renameSync(target, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  renameSync(fresh, target);
}

function refuse(step: string, prefix: string, cause: unknown): never {
  if (cause instanceof LogitpressError) throw cause;
  fail(
    "failed",
    {
      thing: `${step} of the kernel`,
      value: prefix,
      expected: "a folder that can be written",
      remedy: (cause as Error).message,
    },
    { cause },
  );
}
