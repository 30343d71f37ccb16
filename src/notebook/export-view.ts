import { bytes, grouped, significant } from "../chart/format";
import type { Exported } from "../export/exported";
import { factsView } from "./table";
import type { ResultView } from "./views";

/** What an export's formats are called. */
const names: Readonly<Record<Exported["format"], string>> = {
  c: "C",
  javascript: "JavaScript",
  onnx: "ONNX",
  sql: "SQL",
  sklearn: "scikit-learn",
};

/** The files of an export and what is known of them; the text of the main file is folded. */
export function exportView({ format, files, facts }: Exported): ResultView {
  const [{ name, content }] = files;
  const known = Object.entries(facts).map(([fact, value]): [string, string] => [
    worded(fact),
    typeof value === "number" ? numbered(value) : value,
  ]);
  return {
    table: factsView(`Export to ${names[format]}`, [
      ...files.map((file): [string, string] => [file.name, bytes(Buffer.byteLength(file.content))]),
      ...known,
    ]),
    ...(typeof content === "string" ? { source: { title: name, text: content } } : {}),
    figures: [],
  };
}

function numbered(value: number): string {
  return Number.isInteger(value) ? grouped(value) : significant(value, 3);
}

/** `probabilityBound` as "probability bound". */
function worded(name: string): string {
  return name === "fraction"
    ? "fraction bits"
    : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
