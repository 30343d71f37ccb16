import { checkKeys } from "../../base/check";
import { fail } from "../../base/errors";
import { grouped, percent, significant } from "../../chart/format";
import { FrameReport } from "../../frame/inspect/report";
import { Dataset } from "../../matrix/dataset";
import { frameReportView } from "../frame-report";
import { Card, type CardPart } from "./card";
import { checkText, checkTexts } from "./check-texts";
import { dataHash } from "./fingerprint";

/** What a data card says. */
export interface DataCardOptions {
  /** What the data are called. */
  readonly name: string;
  /** Where they are from: who took them, when, under which licence. */
  readonly source: string;
  /**
   * The encoded rows, the table as `inspectFrame` reports it, or the parts by name (`{ training, test }`), each a Dataset:
   * of all of them what is shown is the same.
   */
  readonly data: Dataset | FrameReport | Readonly<Record<string, Dataset | FrameReport>>;
  /** What a reader should know beside the numbers, a paragraph each. Default: nothing. */
  readonly notes?: string | readonly string[];
}

const mostClasses = 20;

/**
 * What a model was made of (after Gebru et al., 2021, "Datasheets for datasets"): rows, classes and shares, features, what is missing,
 * findings, the hash of the data.
 * @throws `unknown-option`, `missing-option`, `invalid-option`
 */
export function dataCard(options: DataCardOptions): Card {
  checkKeys(options, ["name", "source", "data", "notes"], "dataCard");
  const name = checkText(options.name, "name of the data");
  const source = checkText(options.source, "source of the data");
  const notes = options.notes === undefined ? [] : checkTexts(options.notes, "notes of the data card");
  const { data } = options;
  const parts: Readonly<Record<string, unknown>> =
    data instanceof Dataset || data instanceof FrameReport ? { "": data } : { ...data };
  const entries = Object.entries(parts);
  for (const [part, one] of entries) {
    if (one instanceof Dataset || one instanceof FrameReport) continue;
    fail("invalid-option", {
      thing: part === "" ? "data of the data card" : `data "${part}" of the data card`,
      value: one,
      expected: "a Dataset or what inspectFrame gives",
    });
  }
  const datasets = entries.filter((entry): entry is [string, Dataset] => entry[1] instanceof Dataset);
  const shown = [
    ...(datasets.length === 0 ? [] : [datasetsPart(datasets)]),
    ...entries.flatMap(([, one]) => (one instanceof FrameReport ? frameParts(one) : [])),
  ];
  if (shown.length === 0)
    fail("missing-option", { thing: "data of the data card", expected: "one part or more" });
  return new Card(`Data: ${name}`, [
    { kind: "text", text: source },
    ...shown,
    ...notes.map((text): CardPart => ({ kind: "text", text })),
  ]);
}

/** A column a part, so that they compare. */
function datasetsPart(parts: readonly (readonly [string, Dataset])[]): CardPart {
  const line = (name: string, of: (data: Dataset) => string) => [name, ...parts.map(([, data]) => of(data))];
  const labels = [...new Set(parts.flatMap(([, { classes }]) => classes))];
  const classes = labels.slice(0, mostClasses).map((label) =>
    line(`class ${String(label)}`, ({ classes, counts, rows }) => {
      const count = counts[classes.indexOf(label)] ?? 0;
      return `${grouped(count)} (${percent(count / rows)})`;
    }),
  );
  const left = labels.length - classes.length;
  const weighted = parts.some(([, { weights }]) => weights !== null);
  return {
    kind: "table",
    table: {
      columns: parts.length === 1 ? [] : ["", ...parts.map(([name]) => name)],
      words: [0],
      named: true,
      rows: [
        line("rows", ({ rows }) => grouped(rows)),
        ...classes,
        line("features", ({ columns }) => grouped(columns)),
        line("features that are not zero, a row", (data) => significant(nonzeros(data) / data.rows, 3)),
        ...(weighted ? [line("weighted", ({ weights }) => (weights === null ? "no" : "yes"))] : []),
        line("SHA-256, first 16 digits", (data) => dataHash(data).slice(0, 16)),
      ],
      ...(left > 0 ? { note: `${grouped(left)} more classes` } : {}),
    },
  };
}

function nonzeros({ features }: Dataset): number {
  if (features.kind === "csr") return features.nonzeros;
  return features.values.reduce((count, x) => count + Number(x !== 0), 0);
}

function frameParts(report: FrameReport): CardPart[] {
  const { table, warnings = [], figures } = frameReportView(report);
  return [
    { kind: "table", table },
    ...warnings.map((warning): CardPart => ({ kind: "warning", warning })),
    ...figures.map((figure): CardPart => ({ kind: "figure", figure })),
  ];
}
