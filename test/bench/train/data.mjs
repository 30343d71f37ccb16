// The benchmark's data: installed and prepared once, then read as raw arrays by every side.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "..", "..", "..");
const windows = process.platform === "win32";

/** What the benchmark installs, prepares and measures lies here; Git ignores it. LOGITPRESS_BENCH names another. */
export const kept = process.env.LOGITPRESS_BENCH ?? join(root, ".bench");
/** The Python of the peers' environment. */
export const python = join(kept, "venv", windows ? "Scripts/python.exe" : "bin/python");

const packages = { "vega-datasets": "2.11.0", mnist: "1.1.0" };

/** Installs the peers in an environment of their own, unless the pinned versions are there. */
export function installPeers() {
  const wanted = readFileSync(join(here, "requirements.txt"), "utf8");
  const stamp = join(kept, "venv", "installed.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  mkdirSync(kept, { recursive: true });
  const base = process.env.LOGITPRESS_PYTHON ?? (windows ? "python" : "python3");
  if (!existsSync(python)) run(base, ["-m", "venv", join(kept, "venv")]);
  run(python, ["-m", "pip", "install", "-q", "--no-deps", "-r", join(here, "requirements.txt")]);
  writeFileSync(stamp, wanted);
}

/** The folder of a prepared data set; prepares it where it is not there yet. */
export function folderOf(name) {
  const folder = join(kept, "data", name);
  if (existsSync(join(folder, "meta.json"))) return folder;
  installPeers();
  installPackages();
  const modules = [join(kept, "packages", "node_modules"), join(root, "node_modules")];
  run(python, [join(here, "prepare.py"), name, join(kept, "data"), ...modules]);
  return folder;
}

/** The raw arrays of a data set: { rows, columns, classes, kind, nonzeros, pointers, indices, values, labels }. */
export function arraysOf(name) {
  const folder = folderOf(name);
  const meta = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8"));
  const read = (file, Type) => {
    if (!existsSync(join(folder, file))) return null;
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, file));
    return new Type(buffer, byteOffset, byteLength / Type.BYTES_PER_ELEMENT);
  };
  return {
    ...meta,
    pointers: read("pointers.u32", Uint32Array),
    indices: read("indices.u32", Uint32Array),
    values: read("values.f32", Float32Array),
    labels: read("labels.u8", Uint8Array),
  };
}

/** The data set as the library takes it; `library` is what `require("logitpress")` gives. */
export function datasetOf(name, library = libraryOf()) {
  const { rows, columns, classes, kind, pointers, indices, values, labels } = arraysOf(name);
  const features =
    kind === "dense"
      ? new library.DenseMatrix(rows, columns, values)
      : new library.SparseMatrix(rows, columns, pointers, indices, values);
  return library.Dataset.from({ features, labels, classes: Array.from({ length: classes }, (_, k) => k) });
}

/** The library as built; LOGITPRESS_DIST names another build's folder `dist`. */
export function libraryOf() {
  const dist = process.env.LOGITPRESS_DIST ?? join(root, "dist");
  return createRequire(import.meta.url)(join(dist, "src", "index.js"));
}

function installPackages() {
  const folder = join(kept, "packages");
  if (Object.keys(packages).every((name) => existsSync(join(folder, "node_modules", name)))) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const named = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", ...named], windows);
}

function run(command, args, shell = false) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], shell });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `exit code ${status}`}`);
}
