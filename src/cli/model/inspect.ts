import { checkNumber } from "../../base/check";
import { load } from "../../pack/file";
import { ledger } from "../../pack/ledger";
import { type Command, commandOf, numberOf } from "./command";

const usage = `Usage: logitpress inspect MODEL.logit [--top N] [--json]

Says what is in a model file: its kind, where each byte went, provenance, and the strongest weights.

  --top N   how many weights to show of each output; default 10

Example: logitpress inspect spam.logit --top 20`;

/** `logitpress inspect`. */
export const inspectCommand: Command = commandOf(
  { usage, arguments: ["MODEL.logit"], options: { top: { type: "string" } } },
  async ([path], { top, json }) => {
    const shown = checkNumber(numberOf(top, "top") ?? 10, "--top", { min: 0, integer: true });
    const model = await load(path);
    const { sections, bound } = ledger(model);
    const { bytes, nonzeros, features, link } = model;
    const { stage } = model.model;
    const result = {
      bytes,
      nonzeros,
      features,
      classes: model.classes.length,
      labels: model.classes,
      link,
      stage,
      sections,
      bound,
      encoder: model.encoder?.state() ?? null,
      provenance: model.provenance,
    };
    if (json) {
      console.log(JSON.stringify(result));
      return;
    }
    console.log(`${path}: ${stage}, ${link}, classes ${model.classes.slice(0, 10).join(", ")}`);
    console.log(`${nonzeros} of ${features * model.outputs} weights are not zero\n`);
    const width = Math.max(...sections.map(({ name }) => name.length), 5);
    for (const section of sections) {
      console.log(`${section.name.padEnd(width)}  ${String(section.bytes).padStart(9)}`);
    }
    console.log(`${"bytes".padEnd(width)}  ${String(bytes).padStart(9)}`);
    for (const [name, note] of Object.entries(model.provenance ?? {})) console.log(`${name}: ${note}`);
    for (const { output, weights } of strongest(model, shown)) {
      console.log(`\n${output}`);
      for (const { name, weight } of weights) console.log(`${weight.toPrecision(4).padStart(12)}  ${name}`);
    }
  },
);

type Model = Awaited<ReturnType<typeof load>>;

function strongest(model: Model, count: number) {
  const { weights, outputs, classes, featureNames } = model;
  return Array.from({ length: outputs }, (_, k) => {
    const at = Array.from(weights.keys()).filter((i) => i % outputs === k && weights[i] !== 0);
    at.sort((a, b) => Math.abs(weights[b]) - Math.abs(weights[a]));
    return {
      output: `for ${String(classes[outputs === 1 ? 1 : k])}`,
      weights: at.slice(0, count).map((i) => ({
        name: featureNames.at(Math.floor(i / outputs)),
        weight: weights[i],
      })),
    };
  });
}
