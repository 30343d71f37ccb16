import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { release } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../../base/package-root";
import { compilerFlags, snapshotFile } from "../../notebook/kernel/compiler/snapshot";
import { kernelProgram } from "../../notebook/kernelspec/contents";
import { ownPackage } from "../version";
import { type Check, type Finding, failing, ok, quoted, timed, warn } from "./check";

/** The checks of Node and of this package. */
export async function packageChecks(): Promise<Check[]> {
  return [
    await timed("Node", nodeVersion),
    await timed("platform", platform),
    await timed("zeromq", zeromq),
    await timed("tslab", tslab),
    await timed("compiled files", compiled),
    await timed("start-up snapshot", snapshot),
  ];
}

/** Whether a version of Node, e.g. `20.19.0`, is one that package.json asks for. */
export function isRecentNode(version: string): boolean {
  const [wanted, found] = [ownPackage().engines.node, version].map((text) =>
    text
      .replace(/^\D+/, "")
      .split(".")
      .map((part) => Number.parseInt(part, 10)),
  );
  return found[0] > wanted[0] || (found[0] === wanted[0] && found[1] >= (wanted[1] ?? 0));
}

function nodeVersion(): Finding {
  const { node } = process.versions;
  const { engines } = ownPackage();
  if (isRecentNode(node)) return ok(`${node}, ${process.execPath}`);
  return failing(`${node} is not ${engines.node}`, "Install a newer Node from nodejs.org.");
}

function platform(): Finding {
  const { platform: name, arch } = process;
  const detail = `${name} ${arch} ${release()}`;
  if (["linux", "darwin", "win32"].includes(name)) return ok(detail);
  return warn(`${detail}: not one that the kernel is written for`, "Use Linux, macOS or Windows.");
}

// In a process of its own, which a library that doesn't fit the system can't take with it.
function zeromq(): Finding {
  const code = "new (require(process.argv[1]).Router)().close()";
  const { status, stderr, signal } = spawnSync(process.execPath, ["-e", code, require.resolve("zeromq")], {
    encoding: "utf8",
  });
  const { dependencies } = ownPackage();
  if (status === 0) return ok(`${installed("zeromq") ?? dependencies.zeromq} loads`);
  const said = stderr.split("\n").find((line) => line.includes("Error")) ?? signal ?? `exit code ${status}`;
  return failing(`its library doesn't load: ${said.trim()}`, inPackage("npm rebuild zeromq"));
}

function tslab(): Finding {
  const wanted = ownPackage().dependencies.tslab;
  const found = installed("tslab");
  if (found === wanted) return ok(found);
  const detail = `${found ?? "none"} instead of ${wanted}, whose inner modules the kernel uses`;
  return failing(detail, inPackage(`npm install tslab@${wanted}`));
}

function compiled(): Finding {
  const root = packageRoot();
  const files = [
    kernelProgram(),
    join(dirname(kernelProgram()), "protocol", "protocol-worker.js"),
    join(dirname(kernelProgram()), "compiler", "process.js"),
    join(root, "dist", "src", "index.js"),
    join(root, "dist", "src", "simd", "kernels.wasm"),
    join(root, "dist", "src", "simd", "alone.wasm"),
  ];
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return ok(join(root, "dist"));
  return failing(`missing: ${missing.join(", ")}`, inPackage("npm run build"));
}

function snapshot(): Finding {
  const file = snapshotFile();
  const remedy = inPackage("npx logitpress kernel install");
  if (!existsSync(file)) return warn("none for this Node: the first cell takes a second longer", remedy);
  const args = [...compilerFlags, "--snapshot-blob", file];
  const { stdout } = spawnSync(process.execPath, args, { input: "", encoding: "utf8" });
  if (stdout.startsWith("ready")) return ok(file);
  return warn(
    `this Node refuses ${file}: the first cell takes a second longer`,
    `Remove the file, then: ${remedy}`,
  );
}

/** Whether a process may listen on this machine's own address, which kernels and front ends talk over. */
export async function loopback(): Promise<Finding> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.on("error", reject).listen(0, "127.0.0.1", resolve));
    return ok("127.0.0.1 can be listened on");
  } catch (error) {
    const detail = `127.0.0.1 can't be listened on: ${(error as Error).message}`;
    return failing(detail, "Allow local connections in the sandbox or firewall.");
  } finally {
    server.close();
  }
}

function installed(name: string): string | undefined {
  try {
    const path = require.resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}

function inPackage(command: string): string {
  return `cd ${quoted(packageRoot())} && ${command}`;
}
