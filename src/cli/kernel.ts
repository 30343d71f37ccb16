import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { installationNotes, installKernel, uninstallKernel } from "../notebook/kernelspec/install";
import { parseArguments } from "./arguments";
import { chooseDestination, type DestinationOptions } from "./destination";
import { doctorCommand } from "./doctor/doctor";
import { hasTranslator, installTranslator, uninstallTranslator } from "./papermill/translator";
import { findPython } from "./python";

const usage = `Usage: logitpress kernel install|uninstall [--user | --sys-prefix | --prefix FOLDER] [--python PYTHON]
                                           [--papermill] [--json]
       logitpress kernel doctor [--python PYTHON] [--json]

install registers the kernel "TypeScript (logitpress)" and the chart extension of JupyterLab, uninstall removes them,
doctor looks for what keeps the kernel from working, starts it, and says the remedy.

  --user           in the user's data folder of Jupyter, where VS Code and every Jupyter of the user find it
  --sys-prefix     in the environment of the Python that --python names
  --prefix FOLDER  in FOLDER/share/jupyter
  --python PYTHON  default: $LOGITPRESS_PYTHON, else the first Python that has Jupyter
  --papermill      also give that Python's papermill a translator of parameters, by pip, or take it away
  --json           print one JSON object

Of --user, --sys-prefix and --prefix one may be given. Without: the active virtual or conda environment, else --user.

Example: logitpress kernel install --user && logitpress kernel doctor`;

/** `logitpress kernel`: registers the kernel, removes it, or finds out what is wrong. */
export async function kernelCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments({
    args,
    allowPositionals: true,
    options: {
      user: { type: "boolean" },
      "sys-prefix": { type: "boolean" },
      prefix: { type: "string" },
      python: { type: "string" },
      papermill: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [action, ...more] = positionals;
  if (more.length > 0)
    fail("invalid-option", { thing: "arguments", value: more.join(" "), expected: "none after the action" });
  if (action === "install") return await install(values);
  if (action === "uninstall") return await uninstall(values);
  if (action === "doctor") {
    checkKeys(values, ["python", "json"], "kernel doctor");
    return await doctorCommand(values);
  }
  const expected = "install, uninstall or doctor";
  return action === undefined
    ? fail("missing-option", { thing: "action", expected })
    : fail("invalid-option", { thing: "action", value: action, expected });
}

interface Options extends DestinationOptions {
  readonly papermill?: boolean;
  readonly json?: boolean;
}

async function install(options: Options): Promise<number> {
  const { data, because } = chooseDestination(options);
  const python = options.papermill ? findPython(options.python) : undefined;
  const fresh = python !== undefined && !hasTranslator(python.executable);
  if (python !== undefined) installTranslator(python);
  try {
    const papermill = python?.executable;
    const places = await installKernel({ data }, papermill === undefined ? {} : { papermill });
    if (options.json) console.log(JSON.stringify({ action: "install", data, because, ...places, papermill }));
    else {
      console.log(`kernel installed in ${places.folder} (${because})`);
      if (places.snapshotFault !== undefined) console.error(`logitpress: ${places.snapshotFault}`);
      if (papermill !== undefined) console.log(`papermill's translator installed for ${papermill}`);
    }
    return 0;
  } catch (error) {
    if (python !== undefined && fresh) uninstallTranslator(python.executable);
    throw error;
  }
}

async function uninstall(options: Options): Promise<number> {
  const { data, because } = chooseDestination(options);
  const noted = installationNotes({ data }).papermill;
  const named = options.papermill ? findPython(options.python).executable : undefined;
  const papermill = [...new Set([noted, named])].filter(
    (python) => python && hasTranslator(python),
  ) as string[];
  for (const python of papermill) uninstallTranslator(python);
  const { removed, ...places } = await uninstallKernel({ data });
  if (options.json) {
    console.log(JSON.stringify({ action: "uninstall", data, because, ...places, removed, papermill }));
    return 0;
  }
  const kernel = removed ? `kernel removed from ${places.folder}` : `no kernel in ${data}`;
  console.log(`${kernel} (${because})`);
  for (const python of papermill) console.log(`papermill's translator removed from ${python}`);
  return 0;
}
