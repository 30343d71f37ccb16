import { evaluateBatches } from "../../evaluate/evaluate-batches";
import { progress } from "../../notebook/progress";
import { load } from "../../pack/file";
import { type Command, commandOf } from "./command";
import { labelledRows } from "./rows";

const usage = `Usage: logitpress evaluate MODEL.logit DATA [--label COLUMN] [--json]

Judges a model by rows with labels: accuracy, log-loss, AUC and others. DATA is read as by logitpress fit, in bounded memory. Beyond
4,194,304 scores (rows times curves) the AUC is of scores in bins; aucBound then is the most that it can be off by, else 0.

  --label COLUMN   default: the column that the model was fitted to

Example: logitpress evaluate spam.logit mails.jsonl --label kind --json`;

/** `logitpress evaluate`. */
export const evaluateCommand: Command = commandOf(
  {
    usage,
    arguments: ["MODEL.logit", "DATA"],
    options: { label: { type: "string" } },
  },
  async ([modelPath, path], { label, json }, signal) => {
    const model = await load(modelPath);
    const onProgress = progress("evaluate");
    const batches = labelledRows(path, model, label, signal, (done) =>
      onProgress({ step: "evaluate", done }),
    );
    const { confusion: _, latency, ...measured } = await evaluateBatches(model, batches);
    const result = { ...measured, nonzeros: model.nonzeros, bytes: model.bytes, latency };
    if (json) console.log(JSON.stringify(result));
    else {
      for (const [name, value] of Object.entries(result)) {
        const unit = name === "latency" ? " us a row" : "";
        const shown = Number.isInteger(value) ? String(value) : value.toPrecision(5);
        console.log(`${name.padEnd(16)}  ${shown}${unit}`);
      }
    }
  },
);
