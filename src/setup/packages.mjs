import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, once, root, run } from "./run.mjs";

/** Installs the npm packages of the lock file, unless they are there. */
export function installPackages() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const shim = readFileSync(join(root, "src/frame/tfjs-node/package.json"));
  once("node_modules/.logitpress", hashOf(lock, shim), () => {
    const [command, args] = npm(["ci", "--no-audit", "--no-fund"]);
    run(command, args, "Installing npm packages");
  });
}

// Under `npm start` npm names its own program, which spares the search for npm.cmd on Windows.
export function npm(args) {
  const program = process.env.npm_execpath;
  return program?.endsWith("js") ? [process.execPath, [program, ...args]] : ["npm", args];
}
