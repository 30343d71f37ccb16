import { coefficientsChart } from "../chart/coefficients";
import { grouped, significant } from "../chart/format";
import { warningText } from "../model/warning";
import { type CoefficientRow, CoefficientTable } from "../train/coefficient-table";
import type { Summary } from "../train/inference";
import { aligned } from "./column";
import type { TableView } from "./table";
import type { ResultView } from "./views";

const mostShown = 20;
const mostFolded = 80;

/** The intercepts and the strongest coefficients; more of them folded below, and the notes. */
export function coefficientsView(table: CoefficientTable): ResultView {
  const { ranked } = table;
  const intercepts = ranked.filter(({ intercept }) => intercept).length;
  const head = ranked.slice(0, Math.min(intercepts, mostShown) + mostShown);
  const rest = ranked.slice(head.length, head.length + mostFolded);
  const left = ranked.length - head.length;
  const by = table.tested ? "|z|" : "size";
  const notes = [
    ...(table.classes.length === 2
      ? [
          `log-odds of ${String(table.classes[1])} against ${String(table.classes[0])}, by one unit of the feature`,
        ]
      : []),
    ...(left === 0 ? [] : [`the strongest by ${by}, ${grouped(left)} more in its property ranked`]),
    ...table.notes,
  ];
  return {
    table: {
      title: `Coefficients, ${grouped(ranked.length)} in all`,
      ...linesOf(table, head),
      ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
    },
    ...(rest.length === 0
      ? {}
      : {
          folded: {
            title: `The next ${grouped(rest.length)} of ${grouped(ranked.length)}`,
            ...linesOf(table, rest),
          },
        }),
    figures: ranked.length > intercepts ? [coefficientsChart(table)] : [],
  };
}

/** The coefficients, what the fit is worth in a line, and where tests are not valid why. */
export function summaryView({ coefficients, likelihoods, warnings }: Summary): ResultView {
  const notes = likelihoods.map((one) => {
    const of = one.class === undefined ? "" : `${String(one.class)}: `;
    const test = Number.isNaN(one.p)
      ? ""
      : `, likelihood ratio ${significant(one.likelihoodRatio)} on ${grouped(one.degrees)} degrees (p ${pValue(one.p)}), AIC ${significant(one.aic)}`;
    return `${of}deviance ${significant(one.deviance)} of ${significant(one.nullDeviance)} without features, McFadden's R2 ${significant(one.mcFaddenR2, 3)}${test}`;
  });
  const told = new Set(warnings.map(warningText));
  const own = coefficients.notes.filter((note) => !told.has(note));
  const view = coefficientsView(new CoefficientTable({ ...coefficients, notes: [...own, ...notes] }));
  return { ...view, warnings };
}

/** A p value to three decimals, four where it is small; below that only that it is. */
export function pValue(p: number): string {
  if (Number.isNaN(p)) return "–";
  if (p < 1e-4) return "< 0.0001";
  return p.toFixed(p < 0.001 ? 4 : 3);
}

function linesOf(
  table: CoefficientTable,
  rows: readonly CoefficientRow[],
): Omit<TableView, "title" | "note"> {
  const classes = rows.some((row) => row.class !== undefined);
  const level = `${significant(100 * table.level, 4)} %`;
  const numbers = (of: (row: CoefficientRow) => number, digits?: number) => aligned(rows.map(of), digits);
  const tested: [string, readonly string[]][] = table.tested
    ? [
        ["std. error", numbers((row) => row.standardError, 3)],
        ["z", rows.map(({ z }) => (Number.isNaN(z) ? "–" : z.toFixed(2)))],
        ["p", rows.map(({ p }) => pValue(p))],
        [`${level} from`, numbers((row) => row.lower)],
        ["to", numbers((row) => row.upper)],
      ]
    : [];
  const columns: [string, readonly string[]][] = [
    ["feature", rows.map(({ name }) => name)],
    ...(classes ? [["class", rows.map((row) => String(row.class ?? ""))] as [string, string[]]] : []),
    ["coefficient", numbers((row) => row.coefficient)],
    ...tested,
    ["odds ratio", rows.map(({ oddsRatio }) => significant(oddsRatio))],
  ];
  return {
    columns: columns.map(([title]) => title),
    words: classes ? [0, 1] : [0],
    named: true,
    rows: rows.map((_, i) => columns.map(([, cells]) => cells[i])),
  };
}
