import { join } from "node:path";

const windows: boolean = process.platform === "win32";

/** The folder of the project. */
export const root: string = join(__dirname, "..", "..");

/** The Python of the project's own environment. */
export const python: string =
  process.env.LOGITPRESS_PYTHON ?? join(root, ".venv", windows ? "Scripts/python.exe" : "bin/python");
