import { join, resolve } from "node:path";
import { fail } from "../base/errors";
import { userDataFolder } from "../notebook/kernelspec/places";
import { findPython } from "./python";

/** The options of the command line that say where the kernel goes. */
export interface DestinationOptions {
  readonly user?: boolean;
  readonly "sys-prefix"?: boolean;
  readonly prefix?: string;
  readonly python?: string;
}

/** A data folder of Jupyter and why it was chosen. */
interface ChosenDestination {
  readonly data: string;
  readonly because: string;
}

/** Where the kernel goes: what one of the options says, else the active environment, else the user's folder. */
export function chooseDestination(options: DestinationOptions): ChosenDestination {
  const given = (["user", "sys-prefix", "prefix"] as const).filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    fail("invalid-option", {
      thing: "options",
      value: given.map((name) => `--${name}`).join(" "),
      expected: "one of --user, --sys-prefix and --prefix",
    });
  }
  if (options.prefix !== undefined) {
    if (options.prefix === "") fail("invalid-option", { thing: "--prefix", value: "", expected: "a folder" });
    return below(resolve(options.prefix), "--prefix");
  }
  if (options.user) return { data: userDataFolder(), because: "--user" };
  if (options["sys-prefix"]) {
    const { prefix, executable } = findPython(options.python);
    return below(prefix, `--sys-prefix of ${executable}`);
  }
  if (options.python !== undefined) {
    const { prefix, executable, environment } = findPython(options.python);
    if (environment) return below(prefix, `the environment of ${executable}`);
    return { data: userDataFolder(), because: `the user's folder, since ${executable} is of no environment` };
  }
  for (const active of ["VIRTUAL_ENV", "CONDA_PREFIX"]) {
    const prefix = process.env[active];
    if (prefix) return below(prefix, `the active environment, ${active}; the user's folder would be --user`);
  }
  return { data: userDataFolder(), because: "the user's folder, since no environment is active" };
}

function below(prefix: string, because: string): ChosenDestination {
  return { data: join(prefix, "share", "jupyter"), because };
}
