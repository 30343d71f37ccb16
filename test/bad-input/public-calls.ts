import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as logitpress from "../../src/index";

/** A call of a public function that works; each of its arguments is replaced by wrong ones in turn. */
export interface PublicCall {
  readonly args: readonly unknown[];
  /** What it is a method of. */
  readonly self?: object;
  /** Which arguments are options, that know their names. */
  readonly options?: readonly number[];
  /** Whether it takes so long that its options are tried with a signal that has aborted, its last argument. */
  readonly slow?: boolean;
}

/** Calls of the public functions and methods by name: `prune`, `Dataset.from`, `LogisticRegression#fit`. */
export type PublicCalls = Readonly<Record<string, PublicCall>>;

const rows = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i % 3, (i * i) % 5]);
const labels = rows.map(([a, b], i) => (a + b > 0 === i % 7 > 0 ? "yes" : "no"));
const table = { age: rows.map(([a]) => a), city: rows.map((row) => `c${row[2]}`), bought: labels };
const spec = { label: "bought", numeric: ["age"], categorical: ["city"] } as const;

/** Files that the calls read, in `folder`. */
async function filesIn(folder: string): Promise<{ csv: string; json: string; svmlight: string }> {
  const [csv, json, svmlight] = ["t.csv", "t.json", "t.svm"].map((name) => join(folder, name));
  const records = labels.map((bought, i) => ({ age: rows[i][0], city: table.city[i], bought }));
  await writeFile(
    csv,
    `age,city,bought\n${records.map((r) => `${r.age},${r.city},${r.bought}`).join("\n")}\n`,
  );
  await writeFile(json, JSON.stringify(records));
  await writeFile(svmlight, "1 1:2 2:3\n0 2:1\n");
  return { csv, json, svmlight };
}

/** A model of each stage, and what is made of them. */
export async function publicCalls(folder: string): Promise<PublicCalls> {
  const { csv, json, svmlight } = await filesIn(folder);
  const data = logitpress.Dataset.from({ features: rows, labels });
  const { features } = data;
  const estimator = new logitpress.LogisticRegression({ lambda: 0.01 });
  const model = await estimator.fit(data);
  const exact = await new logitpress.LogisticRegression({ penalty: "none" }).fit(data);
  const pruned = await logitpress.prune(model, { sparsity: 0.5 });
  const quantized = await logitpress.quantize(pruned, { bits: 2 });
  const integers = logitpress.quantizeInputs(quantized, { data });
  const bytes = logitpress.pack(quantized);
  const packed = logitpress.unpack(bytes);
  const path = await logitpress.regularizationPath(data, { lambdas: 3 });
  const curve = await logitpress.pruningCurve(model, { strategies: ["magnitude"], data });
  const cv = await logitpress.crossValidate(data, { lambdas: [0.1, 0.01], folds: 2 });
  const compression = await logitpress.compress(model, data, { maxBytes: 200, folds: 2 });
  const evaluation = logitpress.evaluate(model, data, { latencyRows: 0 });
  const comparison = logitpress.compare({ model, pruned }, data, { latencyRows: 0, resamples: 100 });
  const frame = logitpress.toFrame(table);
  const inspected = logitpress.inspectFrame(table, { label: "bought" });
  const encoder = logitpress.TableEncoder.fit(table, spec);
  const encoded = encoder.transform(table);
  const exported = logitpress.toJavaScript(model);
  const figure = logitpress.ledgerChart(logitpress.ledger(bytes));
  const card = logitpress.provenanceCard({ seed: 1 });
  const summary = logitpress.summarise(exact, data);
  const section = { title: "Part", content: [figure] };
  const judged = { float: model, pruned };
  const sparse = logitpress.SparseMatrix.fromRows([[[0, 1]], [[1, 2]]], 2);
  const scheme = quantized.scheme;
  const onnx = logitpress.toOnnx(model).bytes;
  const sklearn = '{"format": "logitpress-linear-1"}';
  const out = join(folder, "out.logit");
  const predictor = model.predictor();
  const at0 = { indices: Uint32Array.of(0), values: Float32Array.of(1) };
  return {
    readCsv: { args: [csv, {}], options: [1] },
    readJson: { args: [json, {}], options: [1] },
    readParquet: { args: [csv, {}], options: [1] },
    readTable: { args: [csv, {}], options: [1] },
    scanTable: { args: [csv, {}], options: [1] },
    readSvmlight: { args: [svmlight, {}], options: [1] },
    toColumns: { args: [table, {}], options: [1] },
    toFrame: { args: [table, {}], options: [1] },
    splitFrame: { args: [frame, {}], options: [1] },
    inspectFrame: { args: [table, { label: "bought" }], options: [1] },
    "TableEncoder.fit": { args: [table, spec, {}], options: [1, 2] },
    "TableEncoder.fitTransform": { args: [table, spec, {}], options: [1, 2] },
    "TableEncoder.fromState": { args: [encoder.state(), null] },
    "TableEncoder#transform": { self: encoder, args: [table, {}], options: [1] },
    "TableEncoder#features": { self: encoder, args: [table, {}], options: [1] },
    "TableEncoder#keeping": { self: encoder, args: [[0, 1]] },
    "TableEncoder#rounded": { self: encoder, args: [] },
    "TableEncoder#state": { self: encoder, args: [] },
    "DenseMatrix.fromRows": { args: [rows] },
    "DenseMatrix#take": { self: features, args: [[0, 1]] },
    "SparseMatrix.fromRows": { args: [[[[0, 1]], [[1, 2]]], 2] },
    "SparseMatrix#take": { self: sparse, args: [[0, 1]] },
    "SparseMatrix#toDense": { self: sparse, args: [] },
    "Dataset.from": { args: [{ features: rows, labels }], options: [0] },
    "Dataset#take": { self: data, args: [[0, 1]] },
    "Dataset#withFeatures": { self: data, args: [features] },
    "Dataset#select": { self: data, args: [[0, 1]] },
    "Dataset#withClasses": { self: data, args: [["no", "yes"]] },
    "Dataset#split": { self: data, args: [{}], options: [0] },
    "Dataset#folds": { self: data, args: [2, {}], options: [1] },
    "Predictor#predict": { self: predictor, args: [rows[0]] },
    "Predictor#allocate": { self: predictor, args: [4] },
    "Predictor#predictSparse": { self: predictor, args: [at0.indices, at0.values, 0, 1] },
    "Scorer#margins": { self: model, args: [features, {}], options: [1] },
    "Scorer#predictor": { self: model, args: [] },
    "Scorer#predictProba": { self: model, args: [features] },
    "Scorer#predict": { self: model, args: [features] },
    "Scorer#predictClass": { self: model, args: [features] },
    "Scorer#decide": { self: model, args: [model.margins(features)] },
    "Scorer#score": { self: model, args: [data] },
    "IntegerModel#predictor": { self: integers, args: [] },
    "IntegerModel#margins": { self: integers, args: [features] },
    diagnose: { args: [data, {}], options: [1] },
    diagnoseFit: { args: [exact, data] },
    summarise: { args: [exact, data, {}], options: [2] },
    "LogisticRegression#fit": { self: estimator, args: [data, {}], options: [1] },
    regularizationPath: { args: [data, { lambdas: 3 }, {}], options: [1, 2] },
    "RegularizationPath#at": { self: path, args: [path.steps[0].lambda] },
    "RegularizationPath#nearest": { self: path, args: [0.1] },
    "RegularizationPath#largest": { self: path, args: [4] },
    "CoefficientTable#row": { self: summary.coefficients, args: ["x0"] },
    adaptiveWeights: { args: [model, {}], options: [1] },
    prune: { args: [model, { sparsity: 0.5 }, {}], options: [1, 2] },
    "PrunedModel#ranking": { self: pruned, args: [5, "kept"] },
    "PrunedModel#removedFeatures": { self: pruned, args: [] },
    pruningCurve: { args: [model, { strategies: ["magnitude"], data }, {}], options: [1, 2] },
    "PruningCurve#best": { self: curve, args: [0.5] },
    l1RegularizationPruning: { args: [[0.5, -0.1], 0.2] },
    quantize: { args: [pruned, { bits: 2 }, {}], options: [1, 2] },
    withoutUnusedFeatures: { args: [pruned] },
    levelsOf: { args: [scheme] },
    plainSchemes: { args: [scheme] },
    quantizeInputs: { args: [quantized, { data }], options: [1] },
    uniformQuantization: { args: [[0.5, -0.1], 4] },
    trainCompressed: { args: [data, { epochs: 2 }, {}], options: [1, 2] },
    pack: { args: [model, {}], options: [1] },
    unpack: { args: [bytes] },
    save: { args: [model, out, {}], options: [2] },
    load: { args: [out] },
    ledger: { args: [bytes] },
    coarsen: { args: [quantized, {}], options: [1] },
    toJson: { args: [packed] },
    fromJson: { args: [logitpress.toJson(packed)] },
    toNpz: { args: [model] },
    toSafetensors: { args: [model, {}], options: [1] },
    costOf: { args: [model] },
    "AdaptiveCost#addBits": { self: new logitpress.AdaptiveCost(4), args: [1] },
    "AdaptiveCost#removeBits": { self: new logitpress.AdaptiveCost(4), args: [1] },
    "AdaptiveCost#moveBits": { self: new logitpress.AdaptiveCost(4), args: [1, 2] },
    "AdaptiveCost#add": { self: new logitpress.AdaptiveCost(4), args: [1] },
    "AdaptiveCost#remove": { self: new logitpress.AdaptiveCost(4), args: [1] },
    floatListBits: { args: [[1, 2]] },
    roundToMantissa: { args: [1.3, 4] },
    supportBits: { args: [3, 10] },
    supportStep: { args: [3, 10] },
    storedBytes: { args: [model] },
    evaluate: { args: [model, data, { latencyRows: 0 }], options: [2] },
    compare: { args: [judged, data, { latencyRows: 0, resamples: 100 }], options: [2] },
    "Comparison#row": { self: comparison, args: ["model"] },
    stepReport: { args: [model, pruned, data] },
    recalibrate: { args: [model, data, {}], options: [2] },
    crossValidate: { args: [data, { lambdas: [0.1], folds: 2 }, {}], options: [1, 2] },
    compress: { args: [model, data, { maxBytes: 200, folds: 2 }, {}], options: [2, 3], slow: true },
    "Compression#revised": {
      self: compression,
      args: [compression.points, compression.chosen, "note", false],
    },
    "Compression#rejudged": {
      self: compression,
      args: [{ points: compression.points, baseline: compression.baseline, folds: 2, rows: 100 }],
    },
    "Compression#choose": { self: compression, args: [{ maxBytes: 200 }], options: [0] },
    dropFeatures: { args: [data, [0]] },
    foldColumns: { args: [data, 2] },
    pool: { args: [data, { width: 2 }], options: [1] },
    saveExport: { args: [exported, join(folder, "model.js")] },
    toC: { args: [model, {}], options: [1] },
    toJavaScript: { args: [model, {}], options: [1] },
    toOnnx: { args: [model, {}], options: [1] },
    toSql: { args: [model, {}], options: [1] },
    toSklearn: { args: [model, {}], options: [1] },
    fromSklearn: { args: [sklearn] },
    fromOnnx: { args: [onnx] },
    fromLiblinear: { args: ["solver_type L2R_LR"] },
    duckdb: { args: [{}], options: [0] },
    spark: { args: ["sc://127.0.0.1:15002", {}], options: [1] },
    "TableComparison#row": { self: new logitpress.TableComparison([]), args: ["model"] },
    "Figure#toSvg": { self: figure, args: [] },
    "Figure#toJSON": { self: figure, args: [] },
    "Figure#toBundle": { self: figure, args: [] },
    classBalanceChart: { args: [inspected] },
    frameReportChart: { args: [inspected] },
    lossChart: { args: [model.fit, ["no", "yes"]] },
    linesChart: { args: [{ a: { x: [0, 1], y: [1, 2] } }, { title: "t", x: "x", y: "y" }], options: [1] },
    pathChart: { args: [path] },
    crossValidationChart: { args: [cv] },
    weightsChart: { args: [model, pruned] },
    weightPicturesChart: { args: [model, { width: 2 }], options: [1] },
    levelsChart: { args: [quantized] },
    coefficientsChart: { args: [model, {}], options: [1] },
    importanceChart: { args: [pruned] },
    pruningChart: { args: [curve] },
    sparsityChart: { args: [[{ nonzeros: 3, accuracy: 0.9 }]] },
    frontChart: { args: [compression] },
    comparisonChart: { args: [comparison] },
    confusionChart: { args: [evaluation] },
    rocChart: { args: [evaluation] },
    calibrationChart: { args: [evaluation] },
    ledgerChart: { args: [logitpress.ledger(bytes)] },
    differenceChart: { args: [comparison] },
    clearOutput: { args: [false] },
    display: { args: ["shown"] },
    "DisplayHandle#update": { self: logitpress.display("first"), args: ["second"] },
    bundleOf: { args: [model] },
    "Content#toBundle": { self: logitpress.html("<b>a</b>"), args: [] },
    "Content#toString": { self: logitpress.html("<b>a</b>"), args: [] },
    "Content#picture": { self: logitpress.html("<b>a</b>"), args: [] },
    html: { args: ["<b>a</b>"] },
    svg: { args: ["<svg xmlns='http://www.w3.org/2000/svg'/>"] },
    markdown: { args: ["*a*"] },
    latex: { args: ["$a$"] },
    png: { args: [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)] },
    jpeg: { args: [Uint8Array.of(0xff, 0xd8, 0xff)] },
    json: { args: [{ a: 1 }] },
    input: { args: ["name? ", {}], options: [1] },
    progress: { args: ["title"] },
    report: { args: [{ title: "t", sections: [section] }], options: [0] },
    "Report#toBundle": { self: logitpress.report({ title: "t", sections: [section] }), args: [] },
    "Report#toHtml": { self: logitpress.report({ title: "t", sections: [section] }), args: [] },
    "Report#save": {
      self: logitpress.report({ title: "t", sections: [section] }),
      args: [join(folder, "r.html")],
    },
    "Card#toHtml": { self: card, args: [] },
    "Card#toText": { self: card, args: [] },
    "Card#toBundle": { self: card, args: [] },
    dataCard: { args: [{ name: "n", source: "s", data }], options: [0] },
    modelCard: { args: [{ model, purpose: "p", limits: "l", data }], options: [0] },
    compressionStory: { args: [judged, data, {}], options: [2] },
    liveFront: { args: [compression, { data }], options: [1] },
    "LiveFront#toBundle": { self: logitpress.liveFront(compression, { data }), args: [] },
    provenanceCard: { args: [{ seed: 1 }], options: [0] },
    dataHash: { args: [encoded] },
  };
}
