import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv, execPath } from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * Compiles the kernels, `src/simd/assembly`: all of them to `dist/src/simd/kernels.wasm`, over a memory of many threads, and those that
 * score single rows to `alone.wasm`, over one of one thread.
 * @throws {Error} with the compiler's messages where it fails
 */
export function buildWasm() {
  compile("index.ts", "kernels.wasm", ["--sharedMemory", "--maximumMemory", "65536", "--enable", "threads"]);
  compile("alone.ts", "alone.wasm", []);
}

function compile(source, name, more) {
  const output = join("dist", "src", "simd", name);
  mkdirSync(join(root, dirname(output)), { recursive: true });
  const { status, stderr, error } = spawnSync(
    execPath,
    [
      join("node_modules", "assemblyscript", "bin", "asc.js"),
      join("src", "simd", "assembly", source),
      ...["-o", output, "-O3", "--noAssert", "--runtime", "stub"],
      ...["--importMemory", "--initialMemory", "1", "--enable", "simd", "--use", "abort=", ...more],
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the kernels do not compile: ${stderr || error?.message}`);
}

if (argv[1] === fileURLToPath(import.meta.url)) buildWasm();
