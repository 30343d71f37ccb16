import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { root } from "../python";

/** A file of the project and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** The TypeScript below a folder of the project, declarations left out. */
export function sourcesOf(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => ({
      file: join(folder, file).split(sep).join("/"),
      text: readFileSync(join(root, folder, file), "utf8"),
    }));
}
