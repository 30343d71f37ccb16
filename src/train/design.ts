import type { Matrix } from "../matrix/sparse";
import type { Kernels } from "../simd/kernels";
import { loadKernels } from "../simd/load";
import { Arena, type SharedMemory } from "../simd/memory";
import { type Control, Team } from "../simd/team";
import type { WasmMemory } from "../simd/webassembly";
import { type Block, evenBlocks } from "./blocks";
import { leastColumns, store } from "./storage";

/** A matrix as kernels take it: row pointers, column indices, values, rows, columns. */
export type MatrixArguments = readonly [number, number, number, number, number];

/** Where a design lies in a shared memory: all that another thread needs to work on it. */
export interface DesignPlace {
  readonly shared: SharedMemory;
  readonly matrix: MatrixArguments;
  /** The number of stored values. */
  readonly nonzeros: number;
  readonly labels: number;
  readonly shares: number;
  readonly given: Given;
}

/** What the data were before they were laid out for passes. */
interface Given {
  readonly rows: number;
  readonly columns: number;
  /** Where the number of each given row among the rows lies, 0 where each has its own. */
  readonly merged: number;
  /** Whether the rows lie in an order by chance. */
  readonly mixed: boolean;
  /** Where the given number of each column lies, 0 where all are as given. */
  readonly order: number;
  /** Where the places of the second halves of sparse rows lie, 0 where rows are not in halves; see `Kernels.halveRows`. */
  readonly halves: number;
  /** Where the sums of the rows of two classes lie, 0 where they were not summed; see `classSums`. */
  readonly sums: number;
  /** How the rows are stored and why, as a clause; `null` where it is as they were given. */
  readonly stored: string | null;
  /** By which threads know rows again that lie where they did in a job before; 0 where they need not. */
  readonly key: number;
}

/** The data of a fit where kernels reach them: copied once, then every vector of the fit lies beside them. */
export class Design {
  readonly arena: Arena;
  readonly kernels: Kernels;
  readonly team: Team;
  readonly matrix: MatrixArguments;
  readonly rows: number;
  readonly columns: number;
  readonly nonzeros: number;
  /** The number of each row's class. */
  readonly labels: Uint32Array;
  /** Each row's share of the mean loss; they sum to one. */
  readonly shares: Float64Array;
  readonly given: Given;
  /** The given number of each column; `null` where all are as given. */
  readonly order: Uint32Array | null;
  /** How often all stored values were read. */
  passes = 0;
  #values: Float32Array | undefined;
  #transposed: MatrixArguments | null = null;
  #transposing: (() => MatrixArguments) | null = null;

  private constructor(place: DesignPlace, kernels: Kernels, arena: Arena, team: Team) {
    const { buffer } = arena.memory;
    [, , , this.rows, this.columns] = place.matrix;
    this.matrix = place.matrix;
    this.nonzeros = place.nonzeros;
    this.arena = arena;
    this.kernels = kernels;
    this.team = team;
    this.labels = new Uint32Array(buffer, place.labels, this.rows);
    this.shares = new Float64Array(buffer, place.shares, this.rows);
    this.given = place.given;
    const { order } = place.given;
    this.order = order === 0 ? null : new Uint32Array(buffer, order, this.columns);
  }

  /**
   * Copies data into a memory of their own.
   * @param load where the kernels come from; tests give the scalar twins
   * @param arena a memory to use again
   * @param mayChange whether sparse rows may be stored as dense ones, or in another order, where that is faster
   */
  static of(
    features: Matrix,
    labels: Uint32Array,
    shares: Float64Array,
    load: (memory: WasmMemory) => Kernels = loadKernels,
    arena: Arena = new Arena(),
    mayChange: boolean = false,
  ): Design {
    const place = placed(arena, features, labels, shares, mayChange);
    const kernels = load(arena.memory);
    return new Design(place, kernels, arena, new Team(kernels));
  }

  /**
   * Opens data that another thread has placed.
   * @param control of the threads that help with its passes
   * @param arena of this thread in the memory of the data
   */
  static open(place: DesignPlace, control?: Control, arena: Arena = new Arena(place.shared)): Design {
    const kernels = loadKernels(arena.memory);
    return new Design(place, kernels, arena, new Team(kernels, control));
  }

  /** Whether {@link refill} may write over the rows: they are dense, and nothing was derived from them that lasts. */
  get refillable(): boolean {
    const { merged, stored } = this.given;
    return this.matrix[0] === 0 && merged === 0 && stored === null && this.#transposed === null;
  }

  /** Takes other rows in place of its own where they are of the same shape and dense, too; else does nothing and returns false. */
  refill({ features, labels, shares }: Refill): boolean {
    if (features.kind !== "dense" || features.columns >= leastColumns || !this.refillable) return false;
    if (features.rows !== this.rows || features.columns !== this.columns) return false;
    const [, , values] = this.matrix;
    this.#values ??= new Float32Array(this.arena.memory.buffer, values, this.nonzeros);
    this.#values.set(features.values);
    this.labels.set(labels);
    this.shares.set(shares);
    return true;
  }

  /** Whether no stored value is NaN or infinite. */
  get finite(): boolean {
    const [, , values] = this.matrix;
    return values === 0 || this.kernels.areFinite(values, this.nonzeros) === 1;
  }

  /** Where the data lie, for other threads. */
  get place(): DesignPlace {
    return {
      shared: this.arena.shared,
      matrix: this.matrix,
      nonzeros: this.nonzeros,
      labels: this.labels.byteOffset,
      shares: this.shares.byteOffset,
      given: this.given,
    };
  }

  /** The data of the same memory as they lie now. */
  at(place: DesignPlace): Design {
    return new Design(place, this.kernels, this.arena, this.team);
  }

  /**
   * The same data for another weighting of the rows, e.g. with the rows of a fold left out by shares of zero.
   * @param shares of the given rows
   */
  withShares(shares: Float64Array): Design {
    const { place } = this;
    const weighted = { shares: this.gather(shares).byteOffset, given: { ...place.given, sums: 0 } };
    const design = this.at({ ...place, ...weighted });
    design.#transposing = () => this.byColumns();
    return design;
  }

  /** The same data with another arena for what is taken beside them. */
  beside(arena: Arena): Design {
    const design = new Design(this.place, this.kernels, arena, this.team);
    design.#transposing = () => this.byColumns();
    return design;
  }

  /** The numbers of given rows, summed where those were merged into one. */
  gather(numbers: Float64Array): Float64Array {
    const own = this.arena.floats(this.rows);
    const { rows, merged } = this.given;
    if (merged === 0) own.set(numbers);
    else
      new Uint32Array(this.arena.memory.buffer, merged, rows).forEach((row, i) => {
        own[row] += numbers[i];
      });
    return own;
  }

  /** Other columns of the same rows, compressed. */
  withColumns(matrix: MatrixArguments, nonzeros: number): Design {
    return this.at({
      ...this.place,
      matrix,
      nonzeros,
      given: { ...this.given, order: 0, halves: 0, sums: 0, key: 0 },
    });
  }

  /** A table of parameters, all zero: the weights of column after column, then the intercepts. */
  parameters(outputs: number): Float64Array {
    return this.arena.floats((this.columns + 1) * outputs);
  }

  /**
   * Parts the rows into ranges of about as many stored values, by the shape of the data and the length of the vector that each
   * block fills alone.
   */
  blocks(length: number): readonly Block[] {
    const [pointers] = this.matrix;
    const row = pointers === 0 ? null : new Uint32Array(this.arena.memory.buffer, pointers, this.rows + 1);
    return evenBlocks(this.rows, this.nonzeros, row, length);
  }

  /** The matrix as a kernel takes it for a range of rows. */
  rowsOf({ from, to }: Block): MatrixArguments {
    const [pointers, indices, values, , columns] = this.matrix;
    return pointers === 0
      ? [0, 0, values + 4 * from * columns, to - from, columns]
      : [pointers + 4 * from, indices, values, to - from, columns];
  }

  /** The transposed matrix, column after column; a second copy of the data, made when it is first asked for. */
  byColumns(): MatrixArguments {
    this.#transposed ??= this.#transposing?.() ?? this.#transpose();
    return this.#transposed;
  }

  /** In an arena of its own, since it outlives whatever first asks for it. */
  #transpose(): MatrixArguments {
    const arena = new Arena(this.arena.shared);
    const { kernels, nonzeros, rows, columns } = this;
    const [pointers, indices, values] = this.matrix;
    const to: [number, number, number] = [0, 0, 0];
    if (pointers !== 0) to[0] = arena.integers(columns + 2).byteOffset;
    if (pointers !== 0) to[1] = arena.integers(nonzeros).byteOffset;
    if (values !== 0) to[2] = arena.singles(nonzeros).byteOffset;
    kernels.transpose(pointers, indices, values, rows, columns, ...to);
    return [...to, columns, rows];
  }
}

/** What a design is made of. */
interface Refill {
  readonly features: Matrix;
  readonly labels: Uint32Array;
  readonly shares: Float64Array;
}

function placed(
  arena: Arena,
  features: Matrix,
  labels: Uint32Array,
  shares: Float64Array,
  mayChange: boolean,
): DesignPlace {
  const { rows, columns } = features;
  const { place, nonzeros, reason, order } = store(arena, features, mayChange);
  const numbers = arena.copy(order === null ? labels : labels.map((_, i) => labels[order[i]]));
  const weights = arena.copy(order === null ? shares : shares.map((_, i) => shares[order[i]]));
  let merged = 0;
  if (order !== null) {
    const numberOf = arena.roomLike(order);
    order.forEach((given, i) => {
      numberOf[given] = i;
    });
    merged = numberOf.byteOffset;
  }
  return {
    shared: arena.shared,
    matrix: [...place, rows, columns],
    nonzeros,
    labels: numbers.byteOffset,
    shares: weights.byteOffset,
    given: {
      rows,
      columns,
      merged,
      mixed: order !== null,
      order: 0,
      halves: 0,
      sums: 0,
      stored: reason,
      key: 0,
    },
  };
}
