import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./packages.mjs";
import { hashOf, once, root, run } from "./run.mjs";

const folder = ".deno";
const version = "2.9.6";

/** Installs deno for the tests that use the package from it; its program is a package of its own for each platform. */
export function installDeno() {
  once(`${folder}/.logitpress`, hashOf(version, process.platform, process.arch), () => {
    rmSync(join(root, folder), { recursive: true, force: true });
    mkdirSync(join(root, folder));
    const wanted = { private: true, dependencies: { deno: version } };
    writeFileSync(join(root, folder, "package.json"), JSON.stringify(wanted));
    const [command, args] = npm([
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefix",
      folder,
    ]);
    run(command, args, "Installing deno");
  });
}
