import { rmSync } from "node:fs";
import { join } from "node:path";
import { listening } from "../base/ambient-signal";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { TableEncoder } from "../frame/encoder";
import { SparseMatrix } from "../matrix/sparse";
import { LinearModel, type LinearParts } from "../model/linear";
import type { Scorer } from "../model/scorer";
import { isComposite } from "../train/choose";
import type { Settings } from "../train/options";
import { penaltyPlanOf, penaltySummary } from "../train/penalty-options";
import type { Plan, Solution } from "../train/plan";
import type { ClassWeight } from "../train/shares";
import { interceptsOf, warmStart } from "../train/start";
import { runJobs } from "../train/threads/run";
import type { EncodedRows } from "./encode-table";
import type { EvaluateTask, PackedScores } from "./evaluate-job";
import type { FitTask } from "./fit-job";
import { TableEvaluation } from "./table-evaluation";

/** A table that was encoded into packed rows on disk, until it is closed. */
export class PackedTable {
  /** How the table became features; it is to be packed with the model. */
  readonly encoder: TableEncoder;
  /** The rows of the source. */
  readonly rows: number;
  /** The rows on disk: fewer where equal ones became one with the sum of their weights. */
  readonly distinctRows: number;
  readonly #encoded: EncodedRows;
  readonly #remove = (): void => rmSync(this.#encoded.folder, { recursive: true, force: true });

  constructor(encoded: EncodedRows) {
    this.#encoded = encoded;
    this.encoder = TableEncoder.fromState(encoded.state);
    this.rows = encoded.rows;
    this.distinctRows = encoded.distinct;
    process.once("exit", this.#remove);
  }

  /** Removes the temporary files. */
  close(): void {
    process.off("exit", this.#remove);
    this.#remove();
  }

  /** Fits with the complete options of an estimator, see `DuckDbEngine.fit`. */
  async fit(settings: Settings, watch: Watch = {}): Promise<LinearModel> {
    const { encoder } = this;
    const { packed, masses } = this.#encoded;
    const { classes, featureNames } = encoder;
    const data = { columns: packed.columns, classes, featureNames, scale: null };
    const penalty = penaltyPlanOf(settings.penalty, data);
    const link = classes.length === 2 ? "binary" : settings.multiclass;
    checkSupported(settings, link, isComposite(penalty));
    const factors = factorsOf(this.encoder.classes, masses, settings.classWeight);
    const { fitIntercept } = settings;
    const numbers = Uint32Array.from(classes, (_, k) => k);
    const shares = masses.map((mass, k) => mass * factors[k]);
    const start =
      settings.warmStart === null
        ? { weights: null, intercepts: interceptsOf(numbers, shares, classes.length, link, fitIntercept) }
        : warmStart(data, settings.warmStart, link, fitIntercept);
    const plan: Plan = {
      penalty,
      link,
      classes: classes.length,
      fitIntercept,
      mask: null,
      start: { weights: start.weights, intercepts: start.intercepts },
      stop: { tolerance: settings.tolerance, maxIterations: settings.maxIterations },
      solver: settings.solver === "auto" ? "newton" : settings.solver,
      seed: settings.seed,
    };
    const task: FitTask = { packed, plan, factors };
    const { weights, intercepts, fit } = await this.#run<Solution>(
      "fit-job",
      task,
      settings.threads,
      watch,
      "fit",
    );
    const parts: LinearParts = {
      classes,
      link,
      featureNames,
      weights,
      intercepts,
      scale: null,
      fitIntercept,
    };
    return new LinearModel(parts, fit, penalty.lambda, penaltySummary(penalty));
  }

  /**
   * Judges a model of the same features by the table's rows.
   * @throws `invalid-model` for other features or classes; `cancelled`
   */
  async evaluate(model: Scorer, watch: Watch = {}): Promise<TableEvaluation> {
    const { classes } = this.encoder;
    const { packed } = this.#encoded;
    const same = model.classes.length === classes.length && model.classes.every((c, k) => c === classes[k]);
    if (!same || model.weights.length !== packed.columns * model.outputs) {
      fail("invalid-model", {
        thing: "model to evaluate",
        value: `${model.featureNames.length} features, ${model.classes.length} classes`,
        expected: `${packed.columns} features and the classes of the table`,
      });
    }
    const task: EvaluateTask = {
      packed,
      weights: Float64Array.from(model.weights),
      intercepts: Float64Array.from(model.intercepts),
      link: model.link,
      classes: classes.length,
    };
    const scores = await this.#run<PackedScores>("evaluate-job", task, 1, watch, "evaluate");
    return new TableEvaluation(scores, classes);
  }

  async #run<R extends object>(
    file: string,
    task: object,
    threads: number,
    watch: Watch,
    step: string,
  ): Promise<R> {
    const { columns } = this.#encoded.packed;
    // The job brings its rows from disk; what it has of the design is the kernels, the memory and the threads.
    const features = new SparseMatrix(1, columns, new Uint32Array(2), new Uint32Array(0), null);
    const rows = { features, labels: new Uint32Array(1), shares: new Float64Array(1) };
    const job = { kind: "module", file: join(__dirname, file), task } as const;
    const heard = listening(watch);
    heard.onProgress?.({ step, done: 0, total: 1 });
    const [result] = await runJobs<R>(rows, [job], { outputs: 1, threads }, heard, step);
    checkCancelled(heard.signal, step);
    heard.onProgress?.({ step, done: 1, total: 1 });
    return result;
  }
}

function checkSupported(settings: Settings, link: string, composite: boolean): void {
  if (composite) {
    fail("invalid-option", {
      thing: "penalty beyond memory",
      value: settings.penalty.name,
      expected: '"l2" or "none", without bounds',
      remedy: "Fit a sample in memory, or take l2 and prune.",
    });
  }
  if (link === "softmax") {
    fail("invalid-option", {
      thing: "multiclass beyond memory",
      value: "softmax",
      expected: '"ovr"',
      remedy: 'Set multiclass to "ovr".',
    });
  }
  if (!["auto", "newton", "lbfgs"].includes(settings.solver)) {
    fail("invalid-option", {
      thing: "solver beyond memory",
      value: settings.solver,
      expected: '"auto", "newton" or "lbfgs"',
    });
  }
}

/** What the weight of a row of each class is multiplied by, so that the shares sum to one. */
export function factorsOf(
  classes: readonly unknown[],
  masses: Float64Array,
  classWeight: ClassWeight | null,
): Float64Array {
  masses.forEach((mass, k) => {
    if (mass > 0) return;
    fail("invalid-label", {
      thing: "class without a row",
      value: classes[k],
      expected: "a row of positive weight for every class",
    });
  });
  const labels = classes.map(String);
  for (const label of Object.keys(classWeight === "balanced" ? {} : (classWeight ?? {}))) {
    if (labels.includes(label)) continue;
    fail("invalid-option", {
      thing: "classWeight of",
      value: label,
      expected: `a class: ${labels.join(", ")}`,
    });
  }
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const factors = masses.map((mass, k) => {
    if (classWeight === null) return 1;
    return classWeight === "balanced" ? total / (masses.length * mass) : (classWeight[labels[k]] ?? 1);
  });
  const sum = masses.reduce((whole, mass, k) => whole + mass * factors[k], 0);
  return factors.map((factor) => factor / sum);
}
