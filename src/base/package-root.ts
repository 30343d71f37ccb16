import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package: what is compiled lies in its `dist/src`, what is shipped as it is in `src`. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
