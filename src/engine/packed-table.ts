import { rmSync } from "node:fs";
import { shownAs } from "../base/display";
import type { Watch } from "../base/progress";
import { checkShape } from "../base/shape";
import type { Compression } from "../compress/compression";
import type { CompressOptions } from "../compress/options";
import type { CrossValidateOptions } from "../evaluate/cross-validate";
import { TableEncoder } from "../frame/encoder";
import type { Dataset } from "../matrix/dataset";
import { LinearModel, type LinearParts, type LinearScorer } from "../model/linear";
import { Scorer } from "../model/scorer";
import type { PackedModel } from "../pack/packed";
import type { PruneOptions } from "../prune/options";
import type { PrunedModel } from "../prune/pruned";
import type { QuantizeOptions } from "../quantize/options";
import type { QuantizedModel } from "../quantize/quantized";
import type { CrossValidation } from "../train/cross-validation-result";
import type { Settings } from "../train/options";
import type { PathOptions } from "../train/path";
import { boundsOf, penaltySummary } from "../train/penalty-options";
import type { Solution } from "../train/plan";
import type { RegularizationPath } from "../train/regularization-path";
import type { EncodedRows } from "./encode-table";
import { packedJudged } from "./packed-judged";
import { compareOn, evaluateOn, type TableComparison } from "./table-comparison";
import { compressOn } from "./table-compress";
import { crossValidateOn } from "./table-cross-validate";
import type { TableEvaluation } from "./table-evaluation";
import { runTableJob } from "./table-jobs";
import { pathOn } from "./table-path";
import { type PlannedTable, problemOf } from "./table-plan";
import { pruneOn } from "./table-prune";
import { quantizeOn } from "./table-quantize";
import { reducedOn, supportOf } from "./table-reduce";

/** A table that was encoded into packed rows on disk, until it is closed: for several fits and all that follows them. */
export class PackedTable {
  /** How the table became features; it is to be packed with the model. */
  readonly encoder: TableEncoder;
  /** The rows of the source. */
  readonly rows: number;
  /** The rows on disk: fewer where equal ones became one with the sum of their weights. */
  readonly distinctRows: number;
  readonly #encoded: EncodedRows;
  readonly #planned: PlannedTable;
  readonly #remove = (): void => rmSync(this.#encoded.folder, { recursive: true, force: true });

  constructor(encoded: EncodedRows) {
    checkShape(encoded, "encoded rows", "what duckdb().encode returns", {
      state: "object",
      packed: "object",
    });
    this.#encoded = encoded;
    this.encoder = TableEncoder.fromState(encoded.state, encoded.scale);
    this.rows = encoded.rows;
    this.distinctRows = encoded.distinct;
    const { classes, featureNames } = this.encoder;
    const { packed, scale, masses, room } = encoded;
    this.#planned = { packed, classes, featureNames, scale, masses, room, rows: encoded.rows };
    process.once("exit", this.#remove);
  }

  /** Removes the temporary files. */
  close(): void {
    process.off("exit", this.#remove);
    this.#remove();
  }

  /**
   * Fits with the complete options of an estimator, see `DuckDbEngine.fit`: L2 and no penalty by Newton's method, penalties with
   * corners and bounds by proximal Newton on working sets, whose size follows from the memory limit.
   */
  async fit(settings: Settings, watch: Watch = {}): Promise<LinearModel> {
    const { classes, featureNames, scale, packed, masses } = this.#planned;
    const problem = problemOf(this.#planned, settings, masses, null);
    const { columns } = packed;
    const { threads } = settings;
    const { weights, intercepts, fit } = await runTableJob<Solution>(
      "fit-job",
      problem,
      columns,
      threads,
      watch,
      "fit",
    );
    const { link, penalty, fitIntercept } = problem.plan;
    const parts: LinearParts = {
      ...{ classes, link, featureNames, weights, intercepts, scale, fitIntercept },
      bounds: boundsOf(penalty),
    };
    return new LinearModel(parts, fit, penalty.lambda, penaltySummary(penalty));
  }

  /**
   * As `regularizationPath` in memory: fits for one strength of the penalty after another.
   * @throws `unknown-option`, `invalid-option`, `invalid-label`, `cancelled`
   */
  async path(options: PathOptions = {}, watch: Watch = {}): Promise<RegularizationPath> {
    return (await pathOn(this.#planned, options, watch)).path;
  }

  /**
   * As `crossValidate` in memory, with a metric by name. Rows that stand for several equal ones are spread over the folds as
   * evenly as whole rows can be; where the table has a column of weights, stored rows stay whole.
   * @throws `unknown-option`, `invalid-option`; `invalid-label` for a class that a fold's complement lacks; `cancelled`
   */
  async crossValidate(options: CrossValidateOptions = {}, watch: Watch = {}): Promise<CrossValidation> {
    return await crossValidateOn(packedJudged(this.#planned), options, watch);
  }

  /**
   * The rows in memory as some features alone tell them apart: of all features, under their names and numbers, but empty but for
   * those, and equal rows once with the sum of their weights. For a model that has no weight elsewhere every sum over rows is that
   * of the whole table, so `prune`, `quantize` and `evaluate` come out as they would there.
   * @param features their numbers, ascending, or a model whose support they are
   * @throws `invalid-data` where they take more than the memory limit has left
   */
  async reduced(features: Scorer | ArrayLike<number>, watch: Watch = {}): Promise<Dataset> {
    const columns = features instanceof Scorer ? supportOf(features) : Uint32Array.from(features);
    return await reducedOn(this.#planned, columns, 1, watch);
  }

  /**
   * Prunes a model by the table's rows, on its support in memory, see {@link PackedTable.reduced}. Where these are more than half of
   * what the memory limit leaves, all rows are summed up from disk instead, pass by pass: importances, the Hessian of `obs`, exchanges,
   * refits, the path of `l1` and losses are those of `prune` with all rows in memory. Of several strengths of a refit the best is then the one
   * that suits a quarter of the rows, or folds, drawn by `seed`. By a sample as large as fits go only `obs` and `bestSubset`, which begins
   * with it, with more parameters than `obs.dense` or than squares fit the limit: it decides which weights stay, those are fitted again to
   * all rows, and all rows judge. The report says so: `sampled`.
   * @throws as `prune` does; `invalid-data` where not even a small sample fits
   */
  async prune(
    model: LinearScorer,
    options: Omit<PruneOptions, "data">,
    watch: Watch = {},
  ): Promise<PrunedModel> {
    return await pruneOn(this.#planned, model, options, watch);
  }

  /**
   * Quantizes a model by the table's rows, as `prune` does: where not all fit, all are summed up from disk, pass by pass, and codes, the refit of
   * levels and intercepts, and losses are those of `quantize` with all rows in memory. Of several strengths of a refit the best is then the
   * one that suits a quarter of the rows, drawn by `seed`. The rounding `descent`, the default of up to 3 bits, takes moves that lower the
   * objective of all rows together, some five passes a sweep, to where none does: mostly the codes of memory, whose moves go one by one. Where
   * the square of the weights does not fit the limit, of `compensated` rounding and of `descent` that begins with it a sample as large as fits
   * decides the codes, all rows the levels and intercepts, and all rows judge. The report says so: `sampled`.
   * @throws as `quantize` does; `invalid-data` where not even a small sample fits
   */
  async quantize(
    model: LinearScorer,
    options: Omit<QuantizeOptions, "data">,
    watch: Watch = {},
  ): Promise<QuantizedModel> {
    return await quantizeOn(this.#planned, model, options, watch);
  }

  /**
   * Compresses the table, or a model by it, see `compress`. All features where their distinct rows fit the memory limit; else
   * those that enter a path of L1 fits to all rows first, as many as fit. Where not even the first do, or those of the model, the
   * search is by a sample as large as fits, drawn by `seed`: it proposes the models, and all rows choose (cancelled meanwhile, the sample). The rows that were not drawn, which no
   * model has seen, judge each of them beside the uncompressed model, which is fitted to all rows but those of one of 5 folds at a time and judged by
   * that fold; the budget goes by what they say (`crossValidated`; what the sample said is `bySample`). Of more models than can be judged in
   * time the front and those next to it are. The levels and intercepts of the chosen one are then fitted to all rows, which its figures lack, so that
   * they err on the safe side; all rows judge the models of the front (`allRows`), and a warning tells who decided what. The sample chooses
   * as well where fewer rows are left than it judged by, where a class lacks rows for the folds, and of `inputs` that the table has no columns of.
   * With `pool` the rows have all features, also beside a model that lacks some; where they have no room, a sample of them. A chosen model
   * of squares keeps the levels of the sample, and is judged by all rows.
   * @throws as `compress` does; `invalid-data` where not even a small sample fits
   */
  async compress(options: CompressOptions, watch?: Watch): Promise<Compression>;
  /** `compress` on the distinct rows of the model's support, see `reduced`. */
  async compress(
    model: LinearScorer | PackedModel,
    options: CompressOptions,
    watch?: Watch,
  ): Promise<Compression>;
  async compress(
    first: LinearScorer | PackedModel | CompressOptions,
    second: CompressOptions | Watch = {},
    third: Watch = {},
  ): Promise<Compression> {
    return first instanceof Scorer
      ? await compressOn(this.#planned, first, second as CompressOptions, third)
      : await compressOn(this.#planned, null, first, second as Watch);
  }

  /**
   * Judges a model of the same features by the table's rows, whatever its stage.
   * @throws `invalid-model` for other features or classes; `cancelled`
   */
  async evaluate(model: Scorer, watch: Watch = {}): Promise<TableEvaluation> {
    return await evaluateOn(packedJudged(this.#planned), model, watch);
  }

  /**
   * Judges several models by the table's rows in one pass, the first being the one that the others are measured against.
   * @throws `missing-option` for no model; `invalid-model` for other features or classes; `cancelled`
   */
  async compare(models: Readonly<Record<string, Scorer>>, watch: Watch = {}): Promise<TableComparison> {
    return await compareOn(packedJudged(this.#planned), models, watch);
  }
}

shownAs("table", PackedTable);
