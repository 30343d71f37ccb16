import { dirname } from "node:path";
import { fail } from "../base/errors";

/** Loads an optional package. @throws `missing-dependency` whose remedy is the command that installs it by default */
export function load<T>(
  name: string,
  require: () => T,
  install: readonly string[] = [name],
  remedy: string = `Run npm install ${install.join(" ")}.`,
): T {
  try {
    return require();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw cause;
    return fail("missing-dependency", { thing: "package", value: name, remedy }, { cause });
  }
}

/** The folder of an optional package of data, and its version. @throws `missing-dependency` */
export function folderOf(
  name: string,
  install: readonly string[] = [name],
): { folder: string; version: string } {
  const description = load(name, () => require.resolve(`${name}/package.json`), install);
  return { folder: dirname(description), version: require(description).version };
}
