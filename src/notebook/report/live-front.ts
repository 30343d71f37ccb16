import { checkKeys, checkNumber } from "../../base/check";
import { displaySymbol, type MimeBundle } from "../../base/display";
import { fail } from "../../base/errors";
import { grouped, percent, significant } from "../../chart/format";
import { frontChart } from "../../chart/front";
import { htmlOf } from "../../chart/upgrade";
import { type CompressedPoint, Compression } from "../../compress/compression";
import { evaluate } from "../../evaluate/evaluate";
import type { Frame } from "../../frame/columns";
import { TableEncoder } from "../../frame/encoder";
import { Dataset } from "../../matrix/dataset";
import type { Scorer } from "../../model/scorer";
import { aligned } from "../column";
import { type TableView, tableHtml, tableText } from "../table";
import type { PagePayload } from "./page/payload";
import { payloadOf } from "./payload";

/** What a live front is made with. */
export interface LiveFrontOptions {
  /** Rows that no step has seen, of the same features as the models: what is judged by. */
  readonly data: Dataset;
  /**
   * The encoder of the models: then the reader fills in columns of the table (a text, numbers, levels), else the values of
   * features.
   */
  readonly encoder?: TableEncoder;
  /** Rows of the table to begin with, the first six of them. Default: without an encoder, rows of `data`; else none. */
  readonly examples?: Frame;
  /** The uncompressed model, whose quality is drawn as a level. Default: none. */
  readonly baseline?: Scorer;
  /** The most rows that the page carries to recompute quality by; of more, a sample. Default 2000. */
  readonly rows?: number;
  /** The seed of the sample, an integer. Default 0. */
  readonly seed?: number;
}

/** A model of a live front and what all of the rows say of it. */
export interface LivePoint {
  /** The point of the search. */
  readonly point: CompressedPoint;
  /** The share of rows whose class it predicts. */
  readonly accuracy: number;
  /** The mean log-loss of the rows. */
  readonly logLoss: number;
}

/** The most models that a page carries. */
const mostPoints = 40;

/**
 * The front of a search as a part of a report that its reader can use. In a notebook it shows itself as a table and the chart.
 */
export class LiveFront {
  constructor(
    /** The models, in order of bytes. */
    readonly points: readonly LivePoint[],
    /** The number of the chosen one. */
    readonly chosen: number,
    /** The search that they are of. */
    readonly compression: Compression,
    /** The number of rows that they were judged by. */
    readonly rows: number,
    /** What all rows say of the uncompressed model; `null` where it is not given. */
    readonly baseline: { readonly accuracy: number; readonly logLoss: number } | null,
    /** What the page carries. */
    readonly payload: PagePayload,
  ) {}

  /** Every model as a line of a table. */
  get table(): TableView {
    const losses = aligned(this.points.map(({ logLoss }) => logLoss));
    const validated = aligned(this.points.map(({ point }) => point.crossValidated.logLoss));
    return {
      title: `The front, ${grouped(this.points.length)} models on ${grouped(this.rows)} rows`,
      columns: ["", "bytes", "weights", "accuracy", "log-loss", "log-loss by cross-validation"],
      words: [0],
      rows: this.points.map(({ point, accuracy }, i) => [
        i === this.chosen ? "chosen" : "",
        grouped(point.bytes),
        grouped(point.nonzeros),
        percent(accuracy),
        losses[i],
        validated[i],
      ]),
      ...(this.baseline === null
        ? {}
        : {
            note: `uncompressed on the same rows: accuracy ${percent(this.baseline.accuracy)}, log-loss ${significant(this.baseline.logLoss)}`,
          }),
    };
  }

  /** The table and the chart of the search, for a notebook; only a report is alive. */
  toBundle(): MimeBundle {
    const figure = frontChart(this.compression);
    return {
      "text/html": tableHtml(this.table) + htmlOf(figure),
      "text/plain": `${tableText(this.table)}\n${figure.summary}`,
    };
  }
}

Object.defineProperty(LiveFront.prototype, displaySymbol, { value: LiveFront.prototype.toBundle });

/**
 * The front of a search for a report: a slider over its models, each decoded in the page from the bytes of its file by the library's
 * own reader; quality, confusion and kept features come of these bytes, and what the reader fills in is scored with the features
 * that spoke. Without scripts it is a chart and a table. Of more than 40 models some are left out, the chosen one never; models for
 * other `inputs` of the search are left out, since `data` have none.
 * @throws `unknown-option`, `invalid-option`; `width-mismatch` where `data` or `encoder` are of other features;
 * `invalid-label`; `missing-column` where an example lacks one; `unsupported-model` where no model of the front is for `data`
 */
export function liveFront(compression: Compression, options: LiveFrontOptions): LiveFront {
  checkKeys(options, ["data", "encoder", "examples", "baseline", "rows", "seed"], "liveFront");
  if (!(compression instanceof Compression)) {
    fail("invalid-option", {
      thing: "front",
      value: compression,
      expected: "what await compress(model, data, budget) returns",
    });
  }
  const { data, encoder, examples, baseline } = options;
  if (!(data instanceof Dataset)) {
    fail("invalid-option", { thing: "data of the front", value: data, expected: "a Dataset" });
  }
  if (encoder !== undefined && !(encoder instanceof TableEncoder)) {
    fail("invalid-option", { thing: "encoder", value: encoder, expected: "a TableEncoder" });
  }
  if (encoder === undefined && examples !== undefined) {
    fail("missing-option", { thing: "encoder", expected: "the one that turns the examples into features" });
  }
  const rows = checkNumber(options.rows ?? 2000, "rows", { min: 1, max: 100_000, integer: true });
  const seed = checkNumber(options.seed ?? 0, "seed", { integer: true });
  const models = modelsOf(compression);
  if (encoder !== undefined && encoder.columns !== models[0].model.features) {
    fail("width-mismatch", {
      thing: "number of the encoder's features",
      value: encoder.columns,
      expected: `${models[0].model.features}, as the models have`,
    });
  }
  const quality = (model: Scorer) => {
    const { accuracy, logLoss } = evaluate(model, data, { latencyRows: 0 });
    return { accuracy, logLoss };
  };
  const points = models.map((point): LivePoint => ({ point, ...quality(point.model) }));
  const chosen = models.indexOf(compression.chosen);
  return new LiveFront(
    points,
    chosen,
    compression,
    data.rows,
    baseline === undefined ? null : quality(baseline),
    payloadOf(models, chosen, data, { encoder, examples, rows, seed }),
  );
}

function modelsOf({ front, chosen }: Compression): readonly CompressedPoint[] {
  const own = [...new Set([...front, chosen])]
    .filter(({ input }) => input === "")
    .sort((a, b) => a.bytes - b.bytes || a.crossValidated.logLoss - b.crossValidated.logLoss);
  if (!own.includes(chosen)) {
    fail("unsupported-model", {
      thing: "input of the chosen model",
      value: chosen.input,
      expected: "a model for the data themselves",
      remedy: "Compress without `inputs`, or with the other input as the data.",
    });
  }
  if (own.length <= mostPoints) return own;
  const last = own.length - 1;
  const some = Array.from(
    { length: mostPoints - 1 },
    (_, i) => own[Math.round((i * last) / (mostPoints - 2))],
  );
  return own.filter((point) => point === chosen || some.includes(point));
}
