import { parseArgs } from "node:util";
import { fail } from "../base/errors";
import { installKernel, uninstallKernel } from "../notebook/kernelspec/install";

const usage = `Usage: logitpress kernel install|uninstall --prefix FOLDER

Copies the kernelspec "TypeScript (logitpress)" and the chart extension of JupyterLab to FOLDER/share/jupyter,
or removes them. FOLDER is that of a Python environment which has Jupyter, e.g. .venv.`;

/** `logitpress kernel`: registers the kernel or removes it. */
export async function kernelCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { prefix: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const prefix =
    values.prefix ?? fail("missing-option", { thing: "option", value: "--prefix", remedy: usage });
  const [action] = positionals;
  if (action === "install") console.log(`kernel installed in ${(await installKernel({ prefix })).folder}`);
  else if (action === "uninstall") await uninstallKernel({ prefix });
  else fail("invalid-option", { thing: "action", value: action, expected: "install or uninstall" });
  return 0;
}
