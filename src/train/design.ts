import type { Matrix } from "../matrix/sparse";
import type { Kernels } from "../simd/kernels";
import { loadKernels } from "../simd/load";
import { Arena } from "../simd/memory";
import type { WasmMemory } from "../simd/webassembly";

/** A matrix as kernels take it: row pointers, column indices, values, rows, columns. */
export type MatrixArguments = readonly [number, number, number, number, number];

/** The data of a fit where kernels reach them: copied once, then every vector of the fit lies beside them. */
export class Design {
  readonly arena: Arena = new Arena();
  readonly kernels: Kernels;
  readonly matrix: MatrixArguments;
  readonly rows: number;
  readonly columns: number;
  /** The number of each row's class. */
  readonly labels: Uint32Array;
  /** Each row's share of the mean loss; they sum to one. */
  readonly shares: Float64Array;

  /** @param load where the kernels come from; tests give the scalar twins */
  constructor(
    features: Matrix,
    labels: Uint32Array,
    shares: Float64Array,
    load: (memory: WasmMemory) => Kernels = loadKernels,
  ) {
    this.kernels = load(this.arena.memory);
    this.rows = features.rows;
    this.columns = features.columns;
    this.matrix = [...copy(this.arena, features), features.rows, features.columns];
    this.labels = this.arena.integers(labels.length);
    this.labels.set(labels);
    this.shares = this.arena.floats(shares.length);
    this.shares.set(shares);
  }

  /** A table of parameters, all zero: the weights of column after column, then the intercepts. */
  parameters(outputs: number): Float64Array {
    return this.arena.floats((this.columns + 1) * outputs);
  }
}

function copy(arena: Arena, features: Matrix): [number, number, number] {
  const values = features.values === null ? null : arena.singles(features.values.length);
  values?.set(features.values!);
  if (features.kind === "dense") return [0, 0, values!.byteOffset];
  const pointers = arena.integers(features.pointers.length);
  pointers.set(features.pointers);
  const indices = arena.integers(features.indices.length);
  indices.set(features.indices);
  return [pointers.byteOffset, indices.byteOffset, values?.byteOffset ?? 0];
}
