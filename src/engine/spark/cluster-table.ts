import { listening } from "../../base/ambient-signal";
import { checkKeys } from "../../base/check";
import { shownAs } from "../../base/display";
import type { Watch } from "../../base/progress";
import { checkShape } from "../../base/shape";
import { compress } from "../../compress/compress";
import type { Compression } from "../../compress/compression";
import type { CompressOptions } from "../../compress/options";
import type { CrossValidateOptions } from "../../evaluate/cross-validate";
import { TableEncoder } from "../../frame/encoder";
import type { EncoderState } from "../../frame/encoder-state";
import type { Dataset } from "../../matrix/dataset";
import type { LinearModel, LinearScorer } from "../../model/linear";
import type { Scorer } from "../../model/scorer";
import type { PackedModel } from "../../pack/packed";
import type { PruneOptions } from "../../prune/options";
import { prune } from "../../prune/prune";
import type { PrunedModel } from "../../prune/pruned";
import type { QuantizeOptions } from "../../quantize/options";
import { quantize } from "../../quantize/quantize";
import type { QuantizedModel } from "../../quantize/quantized";
import type { CrossValidation } from "../../train/cross-validation-result";
import type { Settings } from "../../train/options";
import type { PathOptions } from "../../train/path";
import type { RegularizationPath } from "../../train/regularization-path";
import { compareOn, evaluateOn, type TableComparison } from "../table-comparison";
import { compressedBySample, scorerOf } from "../table-compress";
import { crossValidateOn } from "../table-cross-validate";
import type { TableEvaluation } from "../table-evaluation";
import { prunedBySample, prunedBySums } from "../table-prune";
import { codesBySums, quantizedBySample, quantizedBySums } from "../table-quantize";
import type { RowSample } from "../table-sample";
import { isSummable } from "../table-sums";
import type { Cluster } from "./cluster";
import type { ClusterRows } from "./cluster-plan";
import { fitRows } from "./fit";
import { clusterJudged } from "./judged";
import { KeptFits, rowsKey } from "./kept-fits";
import { type SampleOptions, sampleOf, shareWanted, usualSample } from "./sample";
import { views } from "./sql";
import { needsWorkers } from "./sql-rounds";
import { clusterSums, mostSquares } from "./sums";

/** Of which sample of a cluster's rows a step is. */
export interface Sampled {
  /** Default: 100,000 rows. */
  readonly sample?: SampleOptions;
}

/** The options of a step that takes its rows from a cluster. */
export type SampledOptions<Options> = Omit<Options, "data"> & Sampled;

/** What encoding a table on a cluster leaves. */
interface PackedOnCluster extends Pick<ClusterRows, "rounds" | "scale" | "masses" | "rows"> {
  readonly state: EncoderState;
}

/** A table that was encoded on a cluster, until it is closed: for several fits and all that follows them. */
export class ClusterTable {
  /** How the table became features; it is to be packed with the model. */
  readonly encoder: TableEncoder;
  /** The number of rows. */
  readonly rows: number;
  readonly #cluster: Cluster;
  readonly #data: ClusterRows;
  readonly #state: EncoderState;
  readonly #checkpoint: string | null;

  constructor(cluster: Cluster, encoded: PackedOnCluster, checkpoint: string | null) {
    checkShape(encoded, "encoded rows", "what spark().encode returns", { state: "object", rounds: "object" });
    const { state, rounds, scale, masses, rows } = encoded;
    this.#cluster = cluster;
    this.#state = state;
    this.#checkpoint = checkpoint;
    this.encoder = TableEncoder.fromState(state, scale);
    const { classes, featureNames } = this.encoder;
    this.#data = { rounds, masses, rows, classes, featureNames, scale };
    this.rows = rows;
  }

  /** The rounds over all rows so far. */
  get rounds(): number {
    return this.#data.rounds.count;
  }

  /**
   * Fits with the complete options of an estimator, see `SparkEngine.fit`: L2 and no penalty by L-BFGS from the average of the
   * partitions' own fits; penalties with corners and bounds by proximal Newton on working sets of up to 2,000 parameters;
   * `l1` and `elasticnet` with `solver: "lbfgs"` by OWL-QN, which forms no Hessian. Sigmoids of several classes share their rounds.
   * @throws `invalid-option` for another solver; `corrupt-file`, `invalid-file` for a checkpoint; `failed`, `cancelled`
   */
  async fit(settings: Settings, watch: Watch = {}): Promise<LinearModel> {
    return await fitRows(this.#data, settings, listening(watch), this.#checkpoint, this.#state);
  }

  /**
   * As `regularizationPath` in memory: fits for one strength of the penalty after another.
   * @throws `unknown-option`, `invalid-option`, `invalid-label`; `corrupt-file`, `invalid-file` for a checkpoint; `failed`,
   * `cancelled`
   */
  async path(options: PathOptions = {}, watch: Watch = {}): Promise<RegularizationPath> {
    return await this.#kept(["path", options], async (kept) => {
      return (await clusterJudged(this.#data, kept).path(options, listening(watch))).path;
    });
  }

  /**
   * As `crossValidate` in memory, with a metric by name. Folds are drawn by the numbers of rows and the seed, as `duckdb()` draws
   * them of rows that it stores one by one; all are fitted side by side and share their rounds.
   * @throws `unknown-option`, `invalid-option`; `invalid-label` for a class that a fold's complement lacks; `corrupt-file`,
   * `invalid-file` for a checkpoint; `failed`, `cancelled`
   */
  async crossValidate(options: CrossValidateOptions = {}, watch: Watch = {}): Promise<CrossValidation> {
    return await this.#kept(["crossValidate", options], async (kept) => {
      return await crossValidateOn(clusterJudged(this.#data, kept), options, watch);
    });
  }

  /** Works with the checkpoint of the engine, which is removed when the work is done. */
  async #kept<T>(
    [name, options]: readonly [string, PathOptions | CrossValidateOptions],
    work: (kept: KeptFits) => Promise<T>,
  ): Promise<T> {
    const key = [name, this.#state, rowsKey(this.#data), { ...options, threads: 0 }];
    const kept = new KeptFits(this.#checkpoint, key);
    const found = await work(kept);
    kept.remove();
    return found;
  }

  /**
   * About so many of the rows in memory, drawn by their numbers and the seed, in their order: for what wants rows here.
   * @throws `invalid-option`; `invalid-data` for more than 2 GB; `empty-data` where none is drawn; `failed`, `cancelled`
   */
  async sample(options: SampleOptions = {}): Promise<Dataset> {
    checkKeys(options, ["rows", "seed"], "the sample");
    const { sample } = this.#data.rounds;
    if (sample === null) return needsWorkers("samples");
    return sampleOf(await sample(options), this.#data);
  }

  /**
   * Prunes a model by all rows, summed up in rounds: importances, the Hessian of `obs`, exchanges, refits and losses are those of `prune`
   * with the table in memory. The strategies `obs` and `bestSubset` beyond 2,000 parameters, and what is given a `sample`, go by a sample: it
   * decides which weights stay, all rows what those are that the strategy or a refit moves, and all rows judge; the report says
   * so (`sampled`).
   * @throws as `prune` and {@link ClusterTable.sample} do
   */
  async prune(
    model: LinearScorer,
    { sample, ...options }: SampledOptions<PruneOptions>,
    watch: Watch = {},
  ): Promise<PrunedModel> {
    const sums = clusterSums(this.#data);
    if (this.#data.rounds.curved && sample === undefined && isSummable(model, options, mostSquares)) {
      return await prunedBySums(sums, model, options, watch);
    }
    const { data, drawn } = await this.#sampled(sample);
    const found = await prune(model, { ...options, data }, watch);
    return drawn === null ? found : await prunedBySample(sums, model, found, options, drawn, watch);
  }

  /**
   * Quantizes a model by all rows, summed up in rounds: the curvatures that importances and `compensated` rounding go by, the refit of levels
   * and intercepts, some 20 rounds, and losses. The rounding `descent`, the default of up to 3 bits, takes some five rounds a sweep. For it and
   * for `compensated` with squares of more than 2,000 parameters, and where a `sample` is given, a sample decides the codes, all rows the levels and
   * intercepts, and all rows judge; the report says so (`sampled`).
   * @throws as `quantize` and {@link ClusterTable.sample} do
   */
  async quantize(
    model: LinearScorer,
    { sample, ...options }: SampledOptions<QuantizeOptions>,
    watch: Watch = {},
  ): Promise<QuantizedModel> {
    const sums = clusterSums(this.#data);
    if (this.#data.rounds.curved && sample === undefined && codesBySums(sums, model, options, mostSquares)) {
      return await quantizedBySums(sums, model, options, watch);
    }
    const { data, drawn } = await this.#sampled(sample);
    const found = await quantize(model, { ...options, data }, watch);
    return drawn === null ? found : await quantizedBySample(sums, model, found, drawn, watch);
  }

  /**
   * Compresses a model by a sample of the table's rows, which proposes the models, and by all rows, which choose among them, as
   * `PackedTable.compress` does with a sample: the rows that were not drawn judge each model beside the uncompressed one, fitted to all rows
   * without each of 5 folds side by side. The levels and intercepts of the chosen model are then fitted to all rows, those of squares by `pool` stay;
   * all rows judge the models of the front (`allRows`), and a warning tells who decided what. The sample chooses as well where it is the
   * larger part, where a class lacks rows for the folds, and of `inputs`, whose columns the table lacks.
   * @throws as `compress` and {@link ClusterTable.sample} do
   */
  async compress(
    model: LinearScorer | PackedModel,
    { sample, ...options }: CompressOptions & Sampled,
    watch: Watch = {},
  ): Promise<Compression> {
    const { data, drawn } = await this.#sampled(sample);
    const own = options as CompressOptions;
    const found = await compress(model, data, own, watch);
    if (drawn === null) return found;
    const { scale, rounds } = this.#data;
    const features = Uint32Array.from({ length: rounds.columns }, (_, j) => j);
    const subject = { model: scorerOf(model), features, scale, seed: own.seed ?? 0 };
    return await compressedBySample(clusterSums(this.#data), found, subject, own, drawn, watch);
  }

  async #sampled(
    options: SampleOptions = {},
  ): Promise<{ readonly data: Dataset; readonly drawn: RowSample | null }> {
    const data = await this.sample(options);
    const stored = this.rows;
    const { rows = usualSample, seed = 0 } = options;
    const share = shareWanted(rows, stored);
    const drawn = { rows: data.rows, stored, seed, share, since: "cluster" } as const;
    return { data, drawn: data.rows === stored ? null : drawn };
  }

  /**
   * Judges a model of the same features by the table's rows, whatever its stage: one round.
   * @throws `invalid-model` for other features or classes; `failed`, `cancelled`
   */
  async evaluate(model: Scorer, watch: Watch = {}): Promise<TableEvaluation> {
    return await evaluateOn(clusterJudged(this.#data), model, watch);
  }

  /**
   * Judges several models by the table's rows at a time, the first being the one that the others are measured against.
   * @throws `missing-option` for none; `invalid-model`; `failed`, `cancelled`
   */
  async compare(models: Readonly<Record<string, Scorer>>, watch: Watch = {}): Promise<TableComparison> {
    return await compareOn(clusterJudged(this.#data), models, watch);
  }

  /** Takes the packed rows from the executors and ends the session. */
  async close(): Promise<void> {
    await this.#cluster.close((client) => client.run(`UNCACHE TABLE IF EXISTS ${views.packed}`));
  }
}

shownAs("clusterTable", ClusterTable);
