import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { ColumnFrame } from "../../src/frame/columns";
import { datasets } from "../../src/frame/datasets";
import { TableEncoder } from "../../src/frame/encoder";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { Matrix } from "../../src/matrix/sparse";
import type { Scorer } from "../../src/model/scorer";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { python, root } from "../python";

/** A model to export, and rows on which the export must say what the model says. */
export interface Case {
  readonly name: string;
  readonly model: Scorer;
  readonly encoder?: TableEncoder;
  /** Rows of the table, where there is an encoder. */
  readonly frame?: ColumnFrame;
  /** The features of the rows. */
  readonly features: Matrix;
}

/** One of scikit-learn's data sets. */
export function real(name: "cancer" | "digits"): { rows: number[][]; labels: number[] } {
  const script = join(root, "test", "train", "real.py");
  const { status, stdout, stderr } = spawnSync(python, [script, name], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, stderr);
  const { x, y, columns } = JSON.parse(stdout) as { x: number[]; y: number[]; columns: number };
  return { rows: y.map((_, i) => x.slice(i * columns, (i + 1) * columns)), labels: y };
}

/** Texts that break what is careless. */
export const hostileTexts: readonly string[] = [
  "",
  " \n\t ",
  "\u{1f680}\u{1f469}\u200d\u{1f4bb} free \u{1f4b0}\u{1f4b0} money\u2019s don\u2019t don't 'quoted' it''s '",
  "stra\u00dfe STRASSE \u0130stanbul \u01c5 \u00c5ngstro\u0308m e\u0301\u0323 e\u0323\u0301 q\u0307\u0323",
  "\u03a3\u0391\u03a3 \u039f\u0394\u039f\u03a3. \u03a3 a\u03a3' a\u03a3'b \u1f88 \u03a3\u0301",
  "\ufb01ne \u2460\u2461 \uff26\uff35\uff2c\uff2c \u33a5 \ufdfa \u1e9b\u0323 \u212b \u2126",
  "\uac00\u1100\u1161\u11a8\u1100\u1161 \ud55c\uad6d\uc5b4 \u65e5\u672c\u8a9e \uff76\uff9e \u0915\u093c \u0958 \ufb2c",
  "lone \ud800 surrogate \udc00 here \ud83d",
  `z${"\u0301\u0323\u0300".repeat(9)}algo \u{1d400}\u{1d7d8} \u{11099}\u{110ba} \u{2f800}`,
  "NUL \u0000 between\u0000words <script>alert(1)</script> */ ??/ '; DROP TABLE mails; --",
  "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0645\u0631\u062d\u0628\u0627 \u05e9\u05c1\u05dc\u05d5\u05dd \u0928\u092e\u0938\u094d\u0924\u0947 _under_score x\u00b2 \u00bd 3.14 1,000",
];

/** A text of a megabyte, with more different words than any table has room for. */
export function overlongText(): string {
  return Array.from({ length: 150_000 }, (_, i) => (i * 2654435761) % 100_003).join(" ");
}

let mailsOnce: Promise<{ text: string[]; labels: string[] }> | undefined;

function mails(): Promise<{ text: string[]; labels: string[] }> {
  mailsOnce ??= datasets.spam().then((frame) => ({
    text: frame.column("text").values as string[],
    labels: frame.column("label").values as string[],
  }));
  return mailsOnce;
}

/** Breast cancer: 30 columns of numbers with names that are no identifiers, from trained to packed. */
export async function cancerCases(): Promise<Case[]> {
  const { rows, labels } = real("cancer");
  const names = rows[0].map(
    (_, j) => ["mean radius", "int", '0/0 */ "x"', "Größe", "a'; DROP TABLE t; --", "AGE"][j] ?? `x ${j}`,
  );
  const columns: Record<string, unknown[]> = { class: labels.map((y) => (y === 1 ? "benign" : "malign")) };
  names.forEach((name, j) => {
    columns[name] = rows.map((row) => row[j]);
  });
  const encoder = TableEncoder.fit(columns as ColumnFrame, {
    label: "class",
    numeric: names,
    missing: "mean",
  });
  const data = encoder.transform(columns as ColumnFrame);
  const model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  const holes = Object.fromEntries(
    Object.entries(columns).map(([name, column], j) => [
      name,
      [
        ...column,
        ...column.slice(0, 50).map((x, i) => ((i + j) % 3 === 0 ? [null, Number.NaN, undefined][j % 3] : x)),
      ],
    ]),
  );
  const features = encoder.features(holes);
  const pruned = await prune(model, { keep: 12, data });
  const quantized = await quantize(pruned, { bits: 4, data });
  const packed = unpack(
    pack(quantized, { encoder, provenance: { seed: "7", "note */ ??/": "a\nb <!-- --> \u2028" } }),
  );
  return [
    { name: "cancer trained", model, encoder, frame: holes, features },
    { name: "cancer pruned", model: pruned, encoder, frame: holes, features },
    { name: "cancer packed", model: packed, encoder: packed.encoder!, frame: holes, features },
  ];
}

/** Digits of ten classes: features as they are, and each pixel as a category with levels that were not met. */
export async function digitsCases(): Promise<Case[]> {
  const { rows, labels } = real("digits");
  const features = DenseMatrix.fromRows(rows);
  const data = Dataset.from({ features: rows, labels });
  const softmax = await new LogisticRegression({ lambda: 0.01, multiclass: "softmax", tolerance: 1e-3 }).fit(
    data,
  );
  const sparse = await quantize(await prune(softmax, { keep: 120 }), { bits: 3, method: "uniform" });
  const ovr = await new LogisticRegression({ lambda: 0.01, multiclass: "ovr", tolerance: 1e-3 }).fit(data);
  const table: Record<string, unknown[]> = { digit: labels.map((y) => `d${y}`) };
  for (let j = 0; j < 64; j++)
    table[`p${j}`] = rows.map((row) =>
      row[j] > 12 ? "\u00fcber \u{1f58b}" : row[j] > 4 ? "'grey'" : row[j],
    );
  const names = Array.from({ length: 64 }, (_, j) => `p${j}`);
  const encoder = TableEncoder.fit(table as ColumnFrame, {
    label: "digit",
    categorical: names,
    missing: "mean",
  });
  const categories = await new LogisticRegression({ lambda: 0.01, tolerance: 1e-3 }).fit(
    encoder.transform(table as ColumnFrame),
  );
  const few = await prune(categories, { keep: 300 });
  const holes = Object.fromEntries(
    Object.entries(table).map(([name, column], j) => [
      name,
      [
        ...column,
        ...column.slice(0, 60).map((x, i) => [x, null, "", "unseen '\"", "\u{1f680}", x][(i + j) % 6]),
      ],
    ]),
  );
  const frame = holes as ColumnFrame;
  return [
    { name: "digits softmax", model: softmax, features },
    { name: "digits sparse", model: sparse, features },
    { name: "digits ovr", model: ovr, features },
    { name: "digits categories", model: categories, encoder, frame, features: encoder.features(frame) },
    { name: "digits few categories", model: few, encoder, frame, features: encoder.features(frame) },
  ];
}

/** E-mails: text alone from float to a file, and text beside a number and a category. */
export async function mailCases(): Promise<Case[]> {
  const { text, labels } = await mails();
  const encoder = TableEncoder.fit({ text, labels }, { label: "labels", text: "text" });
  const data = encoder.transform({ text, labels });
  const model = await new LogisticRegression({ lambda: 1e-4, tolerance: 1e-2 }).fit(data);
  const pruned = await prune(model, { keep: 400, data });
  const quantized = await quantize(pruned, { bits: 3, data });
  const packed = unpack(pack(quantized, { encoder }));
  const tested = [...text.filter((_, i) => i % 2 === 0), ...hostileTexts, overlongText()];
  const first = tested.length - hostileTexts.length - 1;
  const frame = { text: tested };
  const features = encoder.features(frame);
  const mixed = {
    text,
    labels: labels.map((label) => label === "spam"),
    length: text.map((t) => t.length),
    first: text.map((t) => /^\W*(\w)/.exec(t)?.[1]?.toLowerCase() ?? "none"),
  };
  const mixedEncoder = TableEncoder.fit(mixed, {
    label: "labels",
    numeric: "length",
    categorical: "first",
    text: {
      column: "text",
      bits: 12,
      ngrams: [2, 3],
      sublinear: false,
      tfidf: false,
      seed: 4000000000,
      lowercase: false,
    },
    missing: "mean",
  });
  const both = await new LogisticRegression({ lambda: 1e-4, tolerance: 1e-2 }).fit(
    mixedEncoder.transform(mixed),
  );
  const mixedFrame = {
    text: [...text.slice(0, 1500), ...tested.slice(first)],
    length: [...mixed.length.slice(0, 1500), ...tested.slice(first).map(() => null)],
    first: [...mixed.first.slice(0, 1500), ...tested.slice(first).map((_, i) => [null, "?", ""][i % 3])],
  };
  return [
    { name: "mails pruned", model: pruned, encoder, frame, features },
    { name: "mails packed", model: packed, encoder: packed.encoder!, frame, features },
    {
      name: "mails mixed",
      model: both,
      encoder: mixedEncoder,
      frame: mixedFrame,
      features: mixedEncoder.features(mixedFrame),
    },
  ];
}
