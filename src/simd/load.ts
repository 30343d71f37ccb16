import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../base/errors";
import type { Kernels } from "./kernels";
import { type WasmMemory, wasm } from "./webassembly";

let compiled: object | undefined;
const loaded = new WeakMap<WasmMemory, Kernels>();

/** The WebAssembly kernels over a memory. The module is compiled once, and kernels are made once for each memory. */
export function loadKernels(memory: WasmMemory): Kernels {
  const known = loaded.get(memory);
  if (known !== undefined) return known;
  const instance = new wasm.Instance(kernelModule(), { env: { memory } });
  const kernels = instance.exports as Kernels;
  loaded.set(memory, kernels);
  return kernels;
}

/** The compiled module, which can be sent to another thread. */
export function kernelModule(): object {
  compiled ??= compileKernels("kernels.wasm");
  return compiled;
}

/** Takes the module that another thread has compiled. */
export function adoptKernelModule(module: object): void {
  compiled ??= module;
}

/** A module of kernels beside this file, compiled. @throws `missing-dependency` */
export function compileKernels(name: string): object {
  const path = join(__dirname, name);
  try {
    return new wasm.Module(readFileSync(path));
  } catch (cause) {
    return fail(
      "missing-dependency",
      {
        thing: "numeric kernels",
        value: path,
        expected: "a WebAssembly module",
        remedy: "Run npm run build.",
      },
      { cause },
    );
  }
}
