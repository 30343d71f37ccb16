#!/usr/bin/env node
// The quantization half of npm run bench:compress: every method at 1 to 8 bits on real data, beside ONNX Runtime's int8. Refits are
// at the model's own strength, so that they show what codes cost; variants, and strengths where several are asked for, are chosen on validation rows; the table shows test rows, which nothing has seen. `--help` names the options.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { datasetOf, libraryOf } from "../train/data.mjs";
import { clusterTimes } from "./clusters.mjs";
import { partsOf } from "./data.mjs";
import { meanOf, riseInterval, rowLosses } from "./losses.mjs";
import { onnxMargins } from "./onnx.mjs";
import { recipesAt, variantsAt } from "./variants.mjs";

const library = libraryOf();
const { Random } = createRequire(import.meta.url)("../../../dist/src/base/random.js");

/** Data, the number of weights kept (null: all) and the bound of a file's places. */
export const cases = [
  { name: "cancer", data: "cancer", keep: null },
  { name: "digits", data: "digits", keep: null },
  { name: "digits, 1,500 weights", data: "digits", keep: 1500 },
  { name: "e-mails", data: "emails", keep: null },
  { name: "e-mails, 3,000 weights", data: "emails", keep: 3000 },
  { name: "flights", data: "flights240", keep: null },
  { name: "flights, 1,000 weights", data: "flights240", keep: 1000 },
];
const strengths = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6];

/**
 * Measures the cases whose names match, and returns lines of Markdown. What is best on validation rows is picked among many, so that it may look
 * better there than it is; the recipe (k-means by the Hessian, descent in turn with the refit) is the same everywhere. Neither is always ahead.
 */
export async function quantization({
  wanted = /./,
  methods = /./,
  roundings = /./,
  shares = [1],
  bits = [1, 2, 3, 4, 8],
  peers = true,
  recipes = false,
  seed = 1,
} = {}) {
  const lines = [];
  for (const one of cases.filter(({ name }) => wanted.test(name))) {
    console.error(one.name);
    lines.push(...(await measureCase(one, bits, { methods, roundings, shares }, peers, recipes, seed)), "");
  }
  if (!recipes && cases.every(({ name }) => wanted.test(name))) lines.push(...clusterTimes(7));
  return lines;
}

async function measureCase(one, widths, { methods, roundings, shares }, peers, recipes, seed) {
  // Of e-mails subject and text, each body once: headers tell how a mail was collected.
  const { train: rest, test } =
    one.data === "emails"
      ? await partsOf("emails", library, seed)
      : datasetOf(one.data, library).split({ test: 0.2, seed });
  const { train, test: validation } = rest.split({ test: 0.25, seed: seed + 1 });
  const float = await floatModel(one, train, validation);
  const floatLosses = lossesOf(float, test);
  const base = meanOf(floatLosses);
  const ownBase = lossOf(float, validation);
  const rows = [];
  for (const width of widths) {
    // Of two classes one column is all.
    const wanted = ({ method, rounding, granularity }) =>
      methods.test(method) && roundings.test(rounding) && (granularity === undefined || float.outputs > 1);
    for (const variant of (recipes ? recipesAt : variantsAt)(width).filter(wanted))
      rows.push(await measure(float, variant, shares, train, validation, test));
  }
  for (const width of recipes ? widths : []) rows.push(await trained(float, width, train, validation, test));
  for (const method of recipes ? [] : ["float16", "bfloat16"]) {
    rows.push(
      await measure(float, { method, rounding: "nearest", repair: false }, [1], train, validation, test),
    );
  }
  if (!recipes)
    rows.push(
      ...integerRows(float, await library.quantize(float, { method: "uniform", bits: 7 }), train, test),
    );
  if (peers) rows.push(...peerRows(float, train, test));
  const percent = (value) =>
    Number.isNaN(value) ? "" : `${value >= 0 ? "+" : ""}${(100 * value).toFixed(2)} %`;
  const spread = ({ losses }) =>
    losses === undefined ? "" : riseInterval(floatLosses, losses, Random).map(percent).join(" to ");
  const lines = [
    `### ${one.name}: float log-loss ${base.toFixed(5)} on ${test.rows} test rows, ${float.nonzeros} weights`,
    "",
    "| method | bits | rounding | repair | weights | bytes | squared error | log-loss | 95 % | rows changed |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...rows.map(
      (r) =>
        `| ${r.name} | ${r.bits} | ${r.rounding} | ${r.repair} | ${r.weights ?? ""} | ${r.bytes} | ${r.error} | ${percent(r.test / base - 1)} | ${spread(r)} | ${r.changed} |`,
    ),
    "",
  ];
  for (const width of widths) {
    const own = rows.filter((r) => r.bits === width && r.validation !== null);
    if (own.length === 0) continue;
    const recipe = own.find(
      ({ name, rounding }) => name === "kmeans, by the Hessian" && rounding === "descent",
    );
    const best = own.reduce((a, b) => (b.validation < a.validation ? b : a));
    for (const [what, row] of [
      ["the recipe", recipe],
      [`the best on validation rows (${percent(best.validation / ownBase - 1)} there)`, best],
    ]) {
      if (row === undefined) continue;
      const change = `${percent(row.test / base - 1)} on test rows, ${row.bytes} bytes`;
      lines.push(`${width} bits, ${what}: ${row.name}, ${row.rounding}: ${change}`, "");
    }
  }
  return lines;
}

async function floatModel({ keep }, train, validation) {
  let best = null;
  for (const lambda of strengths) {
    const model = await new library.LogisticRegression({ lambda, tolerance: 1e-7 }).fit(train);
    const loss = lossOf(model, validation);
    if (best !== null && loss > best.loss) break;
    best = { model, loss, lambda };
  }
  if (keep === null) return best.model;
  const lambda = [3, 1, 0.3, 0.1].map((factor) => factor * best.lambda);
  return await library.prune(best.model, { keep, data: train, refit: { lambda, validation } });
}

async function measure(float, { repair, ...options }, shares, train, validation, test) {
  const own = float.lambda ?? float.pruning.lambda;
  const lambda = shares.map((share) => share * own);
  const refit = repair ? { lambda, validation } : false;
  const name = [
    options.method,
    options.importances === "hessian" ? "by the Hessian" : "",
    options.granularity === "class"
      ? "a class"
      : options.granularity === "model"
        ? "one for all classes"
        : "",
    options.leastGain === 0 ? "without a least gain" : "",
  ];
  const shown = {
    name: name.filter(Boolean).join(", "),
    rounding: options.rounding,
    repair: repair ? "yes" : "no",
  };
  let model;
  try {
    model = await library.quantize(float, { ...options, data: train, validation: test, refit });
  } catch (error) {
    // Such as more levels than a refit takes.
    if (error.code !== "invalid-option") throw error;
    const refused = {
      bits: options.bits,
      bytes: "",
      error: "",
      test: Number.NaN,
      validation: null,
      changed: "",
    };
    return {
      ...shown,
      ...refused,
      name: `${shown.name}: refused, ${error.complaint.thing} ${error.complaint.value}`,
    };
  }
  const { loss, squaredError, bits, bitsPerWeight, nonzeros } = model.quantization;
  return {
    ...shown,
    bits: options.bits ?? bits,
    weights: nonzeros,
    bytes: packedBytes(model) ?? `${Math.ceil((bitsPerWeight * nonzeros) / 8)} (bound)`,
    error: squaredError.toPrecision(3),
    test: loss.after,
    losses: lossesOf(model, test),
    validation: lossOf(model, validation),
    changed: loss.changed,
  };
}

/** Straight-through training from the float weights at the same number of bits, all weights kept. */
async function trained(float, bits, train, validation, test) {
  const lambda = float.lambda ?? float.pruning.lambda;
  const options = { numBits: bits, pruning: false, lambda, warmStart: float };
  const { model } = await library.trainCompressed(train, options);
  return {
    ...{ name: "trainCompressed", bits, rounding: "straight-through, warm start", repair: "no", error: "" },
    weights: model.nonzeros,
    bytes: packedBytes(model) ?? "",
    ...losing(lossesOf(model, test)),
    validation: lossOf(model, validation),
    changed: changedBy(float, model.predictClass(test.features), test),
  };
}

function integerRows(float, quantized, train, test) {
  return ["feature", "model"].map((granularity) => {
    const model = library.quantizeInputs(quantized, { data: train, validation: test, granularity });
    const { after, exactWeights } = model.calibration;
    return {
      ...{
        name: `int8 x int8, a scale a ${granularity}${exactWeights ? ", weights exact" : ""}`,
        bits: "8 x 8",
      },
      ...{ rounding: "nearest", repair: "no", bytes: library.storedBytes(model) },
      ...{
        error: "",
        test: after,
        losses: lossesOf(model, test),
        validation: null,
        changed: changedBy(float, model.predictClass(test.features), test),
      },
    };
  });
}

/** ONNX Runtime's dynamic, static and 4-bit quantization of the same table of weights. */
function peerRows(float, train, test) {
  return onnxMargins(float, { train, test }).map(({ name, bits, bytes, margins, failed }) => {
    const common = { name, bits, rounding: "nearest", repair: "no", error: "", validation: null };
    if (failed) return { ...common, name: `${name}: ${failed}`, bytes: "", test: Number.NaN, changed: "" };
    const table = { rows: test.rows, columns: float.outputs, values: Float64Array.from(margins) };
    return {
      ...common,
      bytes,
      ...losing(rowLosses(table, float.link, test)),
      changed: changedBy(float, classesOf(table), test),
    };
  });
}

function lossesOf(model, data) {
  return rowLosses(model.margins(data.features), model.link, data);
}

function lossOf(model, data) {
  return meanOf(lossesOf(model, data));
}

function losing(losses) {
  return { losses, test: meanOf(losses) };
}

function classesOf({ rows, columns, values }) {
  return Uint32Array.from({ length: rows }, (_, i) => {
    if (columns === 1) return values[i] > 0 ? 1 : 0;
    const row = values.subarray(i * columns, (i + 1) * columns);
    return row.indexOf(Math.max(...row));
  });
}

function changedBy(float, classes, data) {
  const before = float.predictClass(data.features);
  return classes.reduce((count, k, i) => count + Number(k !== before[i]), 0);
}

function packedBytes(model) {
  try {
    return library.pack(model).length;
  } catch (error) {
    if (error.code === "unsupported-model") return null;
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: "." },
      methods: { type: "string", default: "." },
      roundings: { type: "string", default: "." },
      bits: { type: "string", default: "1,2,3,4,8" },
      shares: { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      recipes: { type: "boolean", default: false },
      "only-ours": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help)
    console.log(
      "quantization.mjs [--cases REGEX] [--methods REGEX] [--roundings REGEX] [--bits 2,3] [--shares OF_THE_STRENGTH] [--recipes] [--seed OF_THE_SPLIT] [--only-ours]",
    );
  else {
    const options = {
      wanted: new RegExp(values.cases),
      methods: new RegExp(values.methods),
      roundings: new RegExp(values.roundings),
      shares: values.shares.split(",").map(Number),
      seed: Number(values.seed),
      recipes: values.recipes,
      bits: values.bits.split(",").map(Number),
      peers: !values["only-ours"],
    };
    console.log((await quantization(options)).join("\n"));
  }
}
