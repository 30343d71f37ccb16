import type { Dataset } from "../matrix/dataset";
import { selectColumns } from "../matrix/select";
import type { LinearScorer } from "../model/linear";
import type { Kernels } from "../simd/kernels";
import { loadKernels } from "../simd/load";
import type { Arena } from "../simd/memory";
import { CrossProduct } from "../train/cross-product";
import { Design } from "../train/design";
import { type Curvature, curvatureOf, outputCurvature } from "./curvature";

/** The quadratic model of the mean loss in some weights of one output and its intercept, which comes last. */
export interface RoundingSystem {
  /** The Hessian of the loss: the lower triangle, row after row, without the penalty. */
  readonly hessian: Float64Array;
  /** The gradient of what was changed before; `null` where nothing was that counts here. */
  readonly pulled: Float64Array | null;
  /** Takes in by how much each parameter was lowered, for the systems that follow. */
  lower(by: Float64Array): void;
}

/** The quadratic model of the mean loss at a model, of which one output's weights are looked at after the other's. */
export interface RoundingSystems {
  readonly kernels: Kernels;
  /** Opens a system of output k in the arena, which was cleared of the one before. @param places ascending, all of output k */
  open(k: number, places: Uint32Array): RoundingSystem;
}

/** Systems by rows in memory: what was changed before is seen through the margins, without a Hessian between systems. */
export class RowSystems implements RoundingSystems {
  readonly kernels: Kernels;
  readonly #model: LinearScorer;
  readonly #data: Dataset;
  readonly #arena: Arena;
  readonly #curvature: Curvature;
  /** By how much each row's margins were lowered. */
  readonly #errors: Float64Array;

  constructor(model: LinearScorer, data: Dataset, arena: Arena) {
    this.kernels = loadKernels(arena.memory);
    this.#model = model;
    this.#data = data;
    this.#arena = arena;
    this.#curvature = curvatureOf(model, data);
    this.#errors = new Float64Array(data.rows * model.outputs);
  }

  open(k: number, places: Uint32Array): RoundingSystem {
    const { outputs, link } = this.#model;
    const arena = this.#arena;
    const errors = this.#errors;
    const { features, labels } = this.#data;
    const columns = places.map((at) => Math.floor(at / outputs));
    const { shares } = this.#curvature;
    const design = Design.of(selectColumns(features, columns), labels, shares, loadKernels, arena);
    const { kernels, matrix, rows } = design;
    const n = places.length + 1;
    const product = new CrossProduct(design);
    product.h.set(outputCurvature(this.#curvature, k, outputs));
    product.add(product.h, product.block);
    let pulled: Float64Array | null = null;
    const pulls = pull(this.#curvature, errors, k, outputs, link === "softmax", arena.floats(rows));
    if (pulls !== null) {
      pulled = arena.floats(n);
      kernels.transposeTimes(...matrix, 1, pulls.byteOffset, pulled.byteOffset);
    }
    return {
      hessian: product.block,
      pulled,
      lower: (by) => {
        const change = arena.floats(n);
        change.set(by);
        const moved = arena.floats(rows);
        kernels.times(...matrix, 1, change.byteOffset, moved.byteOffset);
        for (let i = 0; i < rows; i++) errors[i * outputs + k] += moved[i];
      },
    };
  }
}

/** The gradient in the margins of output k of what errors in the margins cost, or `null` where there are none. */
function pull(
  { shares, fitted }: Curvature,
  errors: Float64Array,
  k: number,
  outputs: number,
  softmax: boolean,
  out: Float64Array,
): Float64Array | null {
  if (errors.every((error) => error === 0)) return null;
  for (let i = 0; i < out.length; i++) {
    const p = fitted[i * outputs + k];
    let mean = p * errors[i * outputs + k];
    if (softmax) {
      mean = 0;
      for (let l = 0; l < outputs; l++) mean += fitted[i * outputs + l] * errors[i * outputs + l];
    }
    out[i] = shares[i] * p * (errors[i * outputs + k] - mean);
  }
  return out;
}
