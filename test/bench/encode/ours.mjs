// Our side of the benchmark: answers each case that a line names.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { libraryOf } from "../train/data.mjs";
import { cases, readTable } from "./data.mjs";

const [, , tableFolder, mailFolder] = process.argv;
const { TableEncoder } = libraryOf();
const names = (letter) => Array.from({ length: 25 }, (_, j) => `${letter}${j}`);
const table = { label: "label", numeric: names("x"), categorical: names("c") };
const text = { label: "label", text: "text", textOptions: { ngrams: [1, 2], bits: 18 } };

const readMails = () => {
  const files = createRequire(import.meta.url)(join(mailFolder, "file_list.json"));
  return {
    text: files.map((file) => readFileSync(join(mailFolder, file), "latin1")),
    label: files.map((file) => file.startsWith("spam")),
  };
};

const frames = [];
let fitted;
for await (const name of createInterface({ input: process.stdin })) {
  const which = cases.indexOf(name);
  const kind = which >> 1;
  frames[kind] ??= kind === 0 ? readTable(tableFolder) : readMails();
  const frame = frames[kind];
  const spec = which < 2 ? table : text;
  if ((which & 1) === 1)
    fitted = fitted?.frame === frame ? fitted : { frame, encoder: TableEncoder.fit(frame, spec) };
  const cpu = process.cpuUsage();
  const start = performance.now();
  const features =
    (which & 1) === 0 ? TableEncoder.fitTransform(frame, spec).data.features : fitted.encoder.features(frame);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  let sum = 0;
  for (const value of features.values) sum += Math.abs(value);
  const fact = `${features.rows} x ${features.columns}, ${features.nonzeros} nonzeros, sum ${sum.toPrecision(8)}`;
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, fact }));
}
