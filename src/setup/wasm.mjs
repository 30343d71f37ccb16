import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv, execPath } from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Compiles the kernels, `src/simd/assembly`, to `dist/src/simd/kernels.wasm`.
 * @returns {string} the path of the module
 * @throws {Error} with the compiler's messages where it fails
 */
export function buildWasm() {
  const output = join("dist", "src", "simd", "kernels.wasm");
  mkdirSync(join(root, dirname(output)), { recursive: true });
  const { status, stderr, error } = spawnSync(
    execPath,
    [
      join("node_modules", "assemblyscript", "bin", "asc.js"),
      join("src", "simd", "assembly", "index.ts"),
      ...["-o", output, "-O3", "--noAssert", "--runtime", "stub"],
      ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
      ...["--enable", "simd", "--enable", "threads", "--use", "abort="],
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the kernels do not compile: ${stderr || error?.message}`);
  return join(root, output);
}

if (argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${buildWasm()}\n`);
