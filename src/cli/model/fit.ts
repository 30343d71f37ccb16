import { counted } from "../../base/grouped";
import type { Dataset } from "../../matrix/dataset";
import type { LinearModel } from "../../model/linear";
import { warningText } from "../../model/warning";
import { progress } from "../../notebook/progress";
import { save } from "../../pack/file";
import { LogisticRegression } from "../../train/logistic-regression";
import type { LogisticRegressionOptions } from "../../train/options";
import { warmUp } from "../../train/warm-up";
import { type Command, commandOf, numberOf, outputOf } from "./command";
import { expectedOf } from "./expected";
import { columnOptions, trainingData } from "./table";

const usage = `Usage: logitpress fit DATA --label COLUMN -o MODEL.logit [options]

Fits a logistic regression and writes it with its encoder, so that the file can be applied to tables. DATA is .csv, .tsv,
.json, .jsonl, .parquet (.gz where it is text), or .svm, .svmlight, .libsvm, whose labels are the first fields.

Columns. By default numbers are standardised, text that comes again and again is one-hot, other text is hashed.
  --label COLUMN           the classes
  --numeric, --categorical, --text, --drop COLUMNS
                           what columns are, parted by commas
  --missing error|mean|indicator
                           what a missing value does; default error
  --hash-bits N            text is hashed into 2^N columns; default 18

Model.
  --penalty l2|l1|elasticnet|none   default l2
  --lambda X               strength of the penalty beside the mean loss; default 1e-4
  --l1-ratio X             of elasticnet, from 0 (l2) to 1 (l1); default 0.5
  --multiclass softmax|ovr default softmax
  --class-weight balanced
  --no-intercept

Solver.
  --solver auto|newton|newton-cholesky|prox-newton|dual|lbfgs
                           default auto: the one that suits penalty and shape
  --tolerance X            relative duality gap; default 1e-6
  --max-iterations N       default 100
  --threads N, --seed N

  -o, --output FILE        the model
  --json                   print one JSON object

Example: logitpress fit flights.parquet --label late --drop delay --lambda 1e-5 -o flights.logit`;

/** `logitpress fit`. */
export const fitCommand: Command = commandOf(
  {
    usage,
    arguments: ["DATA"],
    options: {
      ...columnOptions,
      penalty: { type: "string" },
      lambda: { type: "string" },
      "l1-ratio": { type: "string" },
      multiclass: { type: "string" },
      "class-weight": { type: "string" },
      "no-intercept": { type: "boolean" },
      solver: { type: "string" },
      tolerance: { type: "string" },
      "max-iterations": { type: "string" },
      threads: { type: "string" },
      seed: { type: "string" },
      output: { type: "string", short: "o" },
    },
  },
  async ([path], values, signal) => {
    const output = outputOf(values.output, "the path of the model", [path]);
    const options = {
      penalty: values.penalty,
      lambda: numberOf(values.lambda, "lambda"),
      l1Ratio: numberOf(values["l1-ratio"], "l1-ratio"),
      multiclass: values.multiclass,
      classWeight: values["class-weight"],
      fitIntercept: values["no-intercept"] ? false : undefined,
      solver: values.solver,
      tolerance: numberOf(values.tolerance, "tolerance"),
      maxIterations: numberOf(values["max-iterations"], "max-iterations"),
      threads: numberOf(values.threads, "threads"),
      seed: numberOf(values.seed, "seed"),
    };
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const regression = new LogisticRegression(given as LogisticRegressionOptions);
    const onProgress = progress("fit");
    const reading = trainingData(path, values, { onProgress, signal });
    const [{ data, encoder, columns }] = await Promise.all([
      reading,
      warmUp(given, expectedOf(path, values.label)),
    ]);
    const model = await regression.fit(data, { onProgress, signal });
    const bytes = await save(model, output, encoder === null ? {} : { encoder });
    for (const warning of warningsOf(model)) console.error(`logitpress: warning: ${warning}`);
    const result = { ...resultOf(model, data), bytes, columns: columns ?? undefined };
    console.log(values.json ? JSON.stringify(result) : summary(result, output));
  },
);

function warningsOf({ fit }: LinearModel): string[] {
  return fit.warnings.map(warningText);
}

function resultOf(model: LinearModel, data: Dataset) {
  const { objective, dualityGap, iterations, seconds, solver, storedAs } = model.fit;
  return {
    rows: data.rows,
    features: model.features,
    classes: model.classes.length,
    labels: model.classes,
    solver,
    storedAs,
    objective,
    dualityGap,
    iterations,
    seconds,
    nonzeros: model.nonzeros,
    warnings: warningsOf(model),
  };
}

function summary(
  result: ReturnType<typeof resultOf> & { bytes: number; columns: object | undefined },
  output: string,
): string {
  const { rows, features, labels, solver, objective, dualityGap, iterations, seconds, nonzeros, bytes } =
    result;
  const kinds = Object.entries(result.columns ?? {})
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${kind === "constant" ? "left out, constant" : kind}: ${names.join(", ")}\n`);
  return `${kinds.join("")}${counted(rows, "row")}, ${counted(features, "feature")}, classes ${labels.slice(0, 10).join(", ")}
${solver}: objective ${objective.toPrecision(8)}, duality gap ${gapText(dualityGap)}, ${iterations} iterations, ${seconds.toPrecision(3)} s
${counted(nonzeros, "nonzero")}, ${counted(bytes, "byte")} in ${output}`;
}

function gapText(gap: number | null): string {
  return gap === null ? "none" : gap.toPrecision(3);
}
