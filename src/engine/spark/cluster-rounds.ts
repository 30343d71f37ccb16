import type { Aggregate, AggregateState, Aggregator, FoldPart, Operation } from "../aggregate";
import type { JudgedModel } from "../judged-table";
import type { PackedScores } from "../row-scores";
import type { Task } from "./objective";
import type { SampledBlocks, SampleOptions } from "./sample";

/** How each partition's own fit goes. */
export interface LocalFits {
  readonly lambda: number;
  readonly iterations: number;
  readonly fitIntercept: boolean;
}

/** What fits and judgements ask of a cluster's rows; what is asked at a time goes in one round. */
export interface ClusterRounds extends Aggregator {
  /** Rounds so far. */
  readonly count: number;
  /** Whether Hessians can be asked for. */
  readonly curved: boolean;
  /** @param chosen the parameters whose sums are wanted, the others count as zero; `null` for all */
  aggregate(operation: Operation, state: AggregateState, chosen?: Uint32Array | null): Promise<Aggregate>;
  /** Fits each partition alone: sums of its parameters times its curvatures at zero, then these. `null` where that is not done. */
  readonly start: ((task: Task, fits: LocalFits) => Promise<Float64Array>) | null;
  /** Judges models of the same classes, each against the first. @param ranked whether histograms are wanted, for the AUC */
  scores(models: readonly JudgedModel[], part: FoldPart | null, ranked: boolean): Promise<PackedScores[]>;
  /** In how many rows each feature has a value. `null` where that is not counted. */
  readonly counts: (() => Promise<Float64Array>) | null;
  /** The blocks of a sample of the rows. `null` where none is taken. */
  readonly sample: ((options: SampleOptions) => Promise<SampledBlocks>) | null;
  /** The weight of each class in each fold. */
  masses(folds: number, seed: number): Promise<readonly Float64Array[]>;
}

/** Rounds of one fit, for some parameters alone from time to time. */
export class ChosenRounds implements Aggregator {
  readonly columns: number;
  readonly #rounds: ClusterRounds;
  #chosen: Uint32Array | null = null;
  /** The rounds of this fit. */
  count = 0;

  constructor(rounds: ClusterRounds) {
    this.#rounds = rounds;
    this.columns = rounds.columns;
  }

  /** From now on only these parameters' sums are asked for; `null` for all. */
  choose(parameters: Uint32Array | null): void {
    this.#chosen = parameters;
  }

  async aggregate(operation: Operation, state: AggregateState): Promise<Aggregate> {
    this.count++;
    return await this.#rounds.aggregate(operation, state, this.#chosen);
  }
}
