import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fail } from "../../base/errors";
import { packageRoot } from "../../base/package-root";
import { type Command, commandOf } from "../model/command";

const usage = `Usage: logitpress new FOLDER [--json]

Makes a notebook project: package.json with danfo and what it needs, tsconfig.json, and start.ipynb, which runs as it is. FOLDER must
not be there yet, or be empty.

Example: logitpress new study && cd study && npm install && npm run kernel && npm start`;

/** `logitpress new`. */
export const newCommand: Command = commandOf(
  { usage, arguments: ["FOLDER"], options: {} },
  async ([folder], { json }) => {
    if (folder === "") {
      fail("invalid-option", { thing: "folder", value: folder, expected: "a new or an empty folder" });
    }
    const path = resolve(folder);
    await checkFree(path);
    const files = await makeProject(path);
    if (json) console.log(JSON.stringify({ folder: path, files }));
    else console.log(`${files.join("\n")}\n\ncd ${folder}\nnpm install && npm run kernel && npm start`);
  },
);

async function checkFree(path: string): Promise<void> {
  const found = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    return fail("invalid-option", { thing: "folder", value: path, expected: "a new or an empty folder" });
  });
  if (found.length > 0) {
    fail("invalid-option", {
      thing: "folder",
      value: path,
      expected: `a new or an empty folder; this one holds ${found[0]}`,
    });
  }
}

/** The project is made beside its place and renamed, so that it is whole or not there. */
async function makeProject(path: string): Promise<string[]> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(draft, { recursive: true });
    await cp(join(packageRoot(), "src", "cli", "new", "template"), draft, { recursive: true });
    await cp(join(packageRoot(), "src", "frame", "tfjs-node"), join(draft, "vendor", "tfjs-node"), {
      recursive: true,
    });
    await writeFile(join(draft, ".gitignore"), "node_modules/\n.ipynb_checkpoints/\n*.logit\n*.html\n");
    const project = JSON.stringify(await packageOf(basename(path)), null, 2);
    await writeFile(join(draft, "package.json"), `${project}\n`);
    await rm(path, { recursive: true, force: true });
    await rename(draft, path);
    return (await readdir(path)).sort();
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    return fail(
      "failed",
      { thing: "making the project", value: path, expected: "a writable place" },
      { cause },
    );
  }
}

interface Description {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: object;
}

async function packageOf(name: string): Promise<object> {
  const own: Description = JSON.parse(await readFile(join(packageRoot(), "package.json"), "utf8"));
  const installed = packageRoot().split(sep).includes("node_modules");
  return {
    name:
      name
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, "-")
        .replace(/^[._]+/, "") || "notebooks",
    private: true,
    scripts: {
      kernel: "logitpress kernel install",
      start: "logitpress run start.ipynb --html start.html",
      lab: "jupyter lab",
    },
    dependencies: {
      "@tensorflow/tfjs-node": "file:vendor/tfjs-node",
      "danfojs-node": own.devDependencies["danfojs-node"],
      logitpress: installed ? `^${own.version}` : `file:${packageRoot()}`,
    },
    overrides: own.overrides,
    // zeromq's library lies in its package, and its script only looks for it: no reason for npm to warn of it.
    allowScripts: { zeromq: false },
  };
}
