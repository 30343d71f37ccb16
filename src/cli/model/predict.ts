import { fail } from "../../base/errors";
import { writeWhole } from "../../base/whole-file";
import { probabilities } from "../../model/scorer";
import { progress } from "../../notebook/progress";
import { load } from "../../pack/file";
import type { PackedModel } from "../../pack/packed";
import { type Command, commandOf, outputOf } from "./command";
import { featuresOf } from "./rows";

const usage = `Usage: logitpress predict MODEL.logit DATA [-o OUT.csv] [--json]

Writes one line a row as CSV: the most probable class under "label", then the probability of each class under its name. DATA is
read as by logitpress fit, in bounded memory; columns that the model does not use are not looked at.

  -o, --output FILE   default: standard output
  --json              with --output: print one JSON object, { rows, output }

Example: logitpress predict flights.logit tomorrow.csv -o late.csv`;

/** `logitpress predict`. */
export const predictCommand: Command = commandOf(
  {
    usage,
    arguments: ["MODEL.logit", "DATA"],
    options: { output: { type: "string", short: "o" } },
  },
  async ([modelPath, path], { output, json }, signal) => {
    if (json && output === undefined) {
      fail("missing-option", { thing: "--output", expected: "a path, since --json takes standard output" });
    }
    if (output !== undefined) outputOf(output, "a path, or none for standard output", [modelPath, path]);
    const model = await load(modelPath);
    const onProgress = progress("predict");
    let rows = 0;
    const lines = linesOf(model, path, signal, (count) => {
      rows += count;
      onProgress({ step: "predict", done: rows });
    });
    if (output === undefined) {
      for await (const text of lines) await written(text);
      return;
    }
    await writeWhole(output, lines);
    if (json) console.log(JSON.stringify({ rows, output }));
    else console.error(`${rows} rows in ${output}`);
  },
);

async function* linesOf(
  model: PackedModel,
  path: string,
  signal: AbortSignal,
  counted: (rows: number) => void,
): AsyncGenerator<string, void, undefined> {
  const names = model.classes.map((label) => cell(String(label)));
  let header = `label,${names.join(",")}\n`;
  for await (const features of featuresOf(path, model, signal)) {
    const margins = model.margins(features);
    const { values, rows, columns } = probabilities(margins, model.link, names.length);
    const predicted = model.decide(margins);
    let text = header;
    header = "";
    for (let i = 0, at = 0; i < rows; i++) {
      text += names[predicted[i]];
      for (let k = 0; k < columns; k++) text += `,${values[at++]}`;
      text += "\n";
    }
    counted(rows);
    yield text;
  }
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function written(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text)) resolve();
    else process.stdout.once("drain", resolve);
  });
}
