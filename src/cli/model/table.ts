import { fail } from "../../base/errors";
import type { Watch } from "../../base/progress";
import { isMissing } from "../../frame/columns";
import { TableEncoder } from "../../frame/encoder";
import { checkColumn } from "../../frame/names";
import { columnsOfTable } from "../../frame/read";
import { readSvmlight } from "../../frame/svmlight";
import type { Dataset } from "../../matrix/dataset";
import { namesOf } from "./command";

/** True where a file's name says that it is of svmlight or LIBSVM. */
export function isSvmlight(path: string): boolean {
  return /\.(svm|svmlight|libsvm)(\.gz)?$/i.test(path);
}

/** The options that say what columns are. */
export const columnOptions = {
  label: { type: "string" },
  numeric: { type: "string", multiple: true },
  categorical: { type: "string", multiple: true },
  text: { type: "string", multiple: true },
  drop: { type: "string", multiple: true },
  missing: { type: "string" },
  "hash-bits": { type: "string" },
} as const;

/** What the options of {@link columnOptions} say. */
export interface ColumnChoice {
  readonly label?: string;
  readonly numeric?: readonly string[];
  readonly categorical?: readonly string[];
  readonly text?: readonly string[];
  readonly drop?: readonly string[];
  readonly missing?: string;
  readonly hashBits?: number;
}

/** Data to fit to: of a table with the encoder that was fitted to it. */
export interface TrainingData {
  readonly data: Dataset;
  readonly encoder: TableEncoder | null;
  /** What each column was taken for. */
  readonly columns: Readonly<Record<ColumnKind, readonly string[]>> | null;
}

type ColumnKind = "numeric" | "categorical" | "text" | "constant";

/**
 * Reads data to fit to.
 * @param round whether means and scales are to take few bytes of a file
 * @throws `missing-option` for a table without a label; as the readers and the encoder
 */
export async function trainingData(
  path: string,
  choice: ColumnChoice,
  watch: Watch,
  round = false,
): Promise<TrainingData> {
  if (isSvmlight(path)) return { data: await readSvmlight(path), encoder: null, columns: null };
  const { label } = choice;
  if (label === undefined) {
    return fail("missing-option", { thing: "--label", expected: "the name of the column of classes" });
  }
  const table = await columnsOfTable(path);
  const columns = columnKinds(table, label, choice);
  const frame = Object.fromEntries(table);
  const fitted = TableEncoder.fit(
    frame,
    {
      label,
      numeric: columns.numeric,
      categorical: columns.categorical,
      text: columns.text,
      missing: (choice.missing ?? "error") as "error",
      ...(choice.hashBits === undefined ? {} : { textOptions: { bits: choice.hashBits } }),
    },
    watch,
  );
  const encoder = round ? fitted.rounded() : fitted;
  return { data: encoder.transform(frame, watch), encoder, columns };
}

/** Most levels that a column of text may have to be taken for categories. */
const mostLevels = 1000;

/**
 * What each column of a table is: as asked; else numbers are numeric, and text is categorical where its values come
 * again and again, else text. A column of one value is left out.
 */
export function columnKinds(
  table: ReadonlyMap<string, ArrayLike<unknown>>,
  label: string,
  choice: ColumnChoice,
): Record<ColumnKind, string[]> {
  const kinds: Record<ColumnKind, string[]> = { numeric: [], categorical: [], text: [], constant: [] };
  const asked = new Map<string, ColumnKind | "drop">();
  for (const kind of ["numeric", "categorical", "text", "drop"] as const) {
    for (const name of namesOf(choice[kind])) {
      checkColumn(name, [...table.keys()]);
      if (asked.has(name)) {
        fail("invalid-option", { thing: "column", value: name, expected: "each in one option only" });
      }
      asked.set(name, kind);
    }
  }
  for (const [name, values] of table) {
    if (name === label) continue;
    const kind = asked.get(name) ?? kindOf(values);
    if (kind !== "drop") kinds[kind].push(name);
  }
  return kinds;
}

function kindOf(values: ArrayLike<unknown>): ColumnKind {
  const distinct = new Set<unknown>();
  let present = 0;
  let numbers = true;
  for (let i = 0; i < values.length; i++) {
    if (isMissing(values[i])) continue;
    present++;
    numbers &&= typeof values[i] === "number";
    if (distinct.size <= mostLevels) distinct.add(values[i]);
  }
  if (distinct.size <= 1) return "constant";
  if (numbers) return "numeric";
  return distinct.size <= mostLevels && 2 * distinct.size <= present ? "categorical" : "text";
}
