import type { WasmMemory } from "../webassembly";

/** The views of one memory through which the scalar twins read and write. */
export interface Heap {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly u32: Uint32Array;
}

/** The views of `memory` as large as it is now. */
export function heapOf(memory: WasmMemory): Heap {
  const { buffer } = memory;
  return { f64: new Float64Array(buffer), f32: new Float32Array(buffer), u32: new Uint32Array(buffer) };
}
