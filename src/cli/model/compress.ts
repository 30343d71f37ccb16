import { resolve } from "node:path";
import { fail } from "../../base/errors";
import { counted } from "../../base/grouped";
import { writeWhole } from "../../base/whole-file";
import { compress } from "../../compress/compress";
import type { CompressedPoint, Compression } from "../../compress/compression";
import type { CompressOptions } from "../../compress/options";
import type { TableEncoder } from "../../frame/encoder";
import { checkColumn } from "../../frame/names";
import { columnsOfTable } from "../../frame/read";
import { readSvmlight } from "../../frame/svmlight";
import type { Dataset } from "../../matrix/dataset";
import { progress } from "../../notebook/progress";
import { load } from "../../pack/file";
import type { PackedModel } from "../../pack/packed";
import { type Command, commandOf, interrupted, numberOf, outputOf, required } from "./command";
import { encoderOf } from "./rows";
import {
  type ColumnValues,
  columnOptions,
  encoderOptions,
  isSvmlight,
  trainingData,
  withoutOptions,
} from "./table";

const usage = `Usage: logitpress compress MODEL.logit --data DATA -o SMALL.logit [budget]
       logitpress compress DATA --label COLUMN -o SMALL.logit [budget]

Searches for the smallest file within a budget, by cross-validation on the rows of DATA, which are best those that the model was
fitted to. DATA is read as by logitpress fit. Rows that are to judge the result must not be among them.

Budget, at least one; several hold together.
  --max-bytes N
  --max-accuracy-drop X      a share of the rows: 0.005 is half a point
  --max-log-loss-increase X  a share of the log-loss: 0.01 is one per cent
  --max-flips X              a share of the rows whose class may change

  --effort fast|best         default fast
  --margin X                 standard errors that a loss stays below its budget; default 0.75, of flips 0.5
  --multiclass softmax|ovr   where no model is given
  --label COLUMN             the classes; default that of the model
  --numeric, --categorical, --text, --drop, --missing, --hash-bits
                             as for logitpress fit, where no model is given
  --threads N, --seed N
  -o, --output FILE          the model, with its encoder where it has one
  --json                     print one JSON object

Ctrl-C ends the search; the best that it has found is written, and the exit code is 130.

Example: logitpress compress mails.logit --data mails.jsonl --max-accuracy-drop 0.005 -o small.logit`;

const budgets = ["max-bytes", "max-accuracy-drop", "max-log-loss-increase", "max-flips"] as const;

/** `logitpress compress`. */
export const compressCommand: Command = commandOf(
  {
    usage,
    arguments: ["MODEL.logit|DATA"],
    options: {
      ...columnOptions,
      data: { type: "string" },
      "max-bytes": { type: "string" },
      "max-accuracy-drop": { type: "string" },
      "max-log-loss-increase": { type: "string" },
      "max-flips": { type: "string" },
      effort: { type: "string" },
      margin: { type: "string" },
      multiclass: { type: "string" },
      threads: { type: "string" },
      seed: { type: "string" },
      output: { type: "string", short: "o" },
    },
  },
  async ([source], values, signal) => {
    const output = outputOf(values.output, "the path of the small model", [source, values.data]);
    if (budgets.every((name) => values[name] === undefined)) {
      fail("missing-option", {
        thing: "budget",
        expected: `at least one of ${budgets.map((name) => `--${name}`).join(", ")}`,
        remedy: "Say how many bytes there are, or what may be lost.",
      });
    }
    const onProgress = progress("compress");
    const { model, data, encoder } = await sourceOf(source, values, signal);
    const options = {
      maxBytes: numberOf(values["max-bytes"], "max-bytes"),
      maxAccuracyDrop: numberOf(values["max-accuracy-drop"], "max-accuracy-drop"),
      maxLogLossIncrease: numberOf(values["max-log-loss-increase"], "max-log-loss-increase"),
      maxFlips: numberOf(values["max-flips"], "max-flips"),
      effort: values.effort,
      margin: numberOf(values.margin, "margin"),
      multiclass: values.multiclass,
      threads: numberOf(values.threads, "threads"),
      seed: numberOf(values.seed, "seed"),
      packing: encoder === null ? undefined : { encoder },
    };
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const found = await compress(model ?? data, data, given as CompressOptions, { onProgress, signal });
    const { packed } = found.chosen;
    await writeWhole(output, packed, "writing the model file");
    for (const warning of found.warnings) console.error(`logitpress: warning: ${warning}`);
    console.log(
      values.json
        ? JSON.stringify(resultOf(found, packed.length))
        : summary(found, model?.bytes ?? found.baseline.bytes, packed.length, output),
    );
    if (found.cancelled) interrupted();
  },
);

/** What there is to search with. Tables are encoded by means and scales of few bits, which take fewer bytes of the file. */
interface Source {
  readonly model: PackedModel | null;
  readonly data: Dataset;
  readonly encoder: TableEncoder | null;
}

async function sourceOf(
  source: string,
  values: ColumnValues & { readonly data?: string; readonly multiclass?: string },
  signal: AbortSignal,
): Promise<Source> {
  if (/\.logit$/i.test(source)) {
    withoutOptions(values, [...encoderOptions, "multiclass"], "no such option beside a model, which says it");
    const model = await load(source);
    const path = required(values.data, "data", "the rows that the model was fitted to");
    return { model, ...(await labelledData(path, model, values.label)) };
  }
  if (values.data !== undefined && resolve(values.data) !== resolve(source)) {
    fail("invalid-option", {
      thing: "--data",
      value: values.data,
      expected: `${source}, as no model is given`,
      remedy: "Rows that are to judge the result are for logitpress evaluate.",
    });
  }
  const { data, encoder } = await trainingData(source, values, { signal }, true);
  return { model: null, data, encoder };
}

async function labelledData(
  path: string,
  model: PackedModel,
  label?: string,
): Promise<Omit<Source, "model">> {
  if (isSvmlight(path)) {
    return { data: await readSvmlight(path, { columns: model.features }), encoder: model.encoder ?? null };
  }
  const encoder = encoderOf(model).rounded();
  const columns = await columnsOfTable(path);
  if (label !== undefined && label !== encoder.label) {
    checkColumn(label, [...columns.keys()]);
    columns.set(encoder.label, columns.get(label)!);
  }
  return { data: encoder.transform(Object.fromEntries(columns)), encoder };
}

function resultOf(found: Compression, bytes: number) {
  const { chosen, met, baseline, front, warnings, seconds, cancelled } = found;
  const validation = { ...chosen.crossValidated, folds: found.folds, rows: found.rows };
  return {
    ...{ bytes, nonzeros: chosen.nonzeros, met, validation, baseline, seconds, cancelled, warnings },
    front: front.map(pointOf),
  };
}

function pointOf({ bytes, nonzeros, levels, lambda, crossValidated }: CompressedPoint) {
  const { logLoss, accuracy } = crossValidated;
  return { bytes, nonzeros, levels, lambda, logLoss, accuracy };
}

function summary(
  { chosen, baseline, front, folds, rows, seconds }: Compression,
  before: number,
  bytes: number,
  output: string,
): string {
  const { logLoss, accuracy } = chosen.crossValidated;
  const line = (name: string, bytes: number, nonzeros: string, loss: number, right: number) =>
    `${name.padEnd(14)}${String(bytes).padStart(10)}${nonzeros.padStart(10)}${loss.toPrecision(4).padStart(10)}${right.toFixed(4).padStart(10)}`;
  return [
    `by ${folds} folds of ${counted(rows, "row")}, ${seconds.toFixed(1)} s, ${front.length} on the front`,
    `${"".padEnd(14)}${"bytes".padStart(10)}${"nonzeros".padStart(10)}${"log-loss".padStart(10)}${"accuracy".padStart(10)}`,
    line("uncompressed", before, "", baseline.logLoss, baseline.accuracy),
    line("chosen", bytes, String(chosen.nonzeros), logLoss, accuracy),
    `${bytes} bytes in ${output}`,
  ].join("\n");
}
