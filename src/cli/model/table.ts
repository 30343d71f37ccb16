import { fail } from "../../base/errors";
import type { Watch } from "../../base/progress";
import { isMissing } from "../../frame/columns";
import { TableEncoder } from "../../frame/encoder";
import { checkColumn } from "../../frame/names";
import { columnsOfTable } from "../../frame/read";
import { readSvmlight } from "../../frame/svmlight";
import type { Dataset } from "../../matrix/dataset";
import { namesOf, numberOf } from "./command";

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

/** Those of {@link columnOptions} that an encoder is made by. */
export const encoderOptions = ["numeric", "categorical", "text", "drop", "missing", "hash-bits"] as const;

/** What the options of {@link columnOptions} say. */
export interface ColumnValues {
  readonly label?: string;
  readonly numeric?: readonly string[];
  readonly categorical?: readonly string[];
  readonly text?: readonly string[];
  readonly drop?: readonly string[];
  readonly missing?: string;
  readonly "hash-bits"?: string;
}

/** @throws `invalid-option` where one of some options is given */
export function withoutOptions<K extends string>(
  values: { readonly [name in K]?: unknown },
  names: readonly K[],
  expected: string,
): void {
  for (const name of names) {
    if (values[name] !== undefined) {
      fail("invalid-option", { thing: `--${name}`, value: String(values[name]), expected });
    }
  }
}

/** Data to fit to: of a table with the encoder that was fitted to it. */
interface TrainingData {
  readonly data: Dataset;
  readonly encoder: TableEncoder | null;
  /** What each column was taken for. */
  readonly columns: Readonly<Record<ColumnKind, readonly string[]>> | null;
}

type ColumnKind = "numeric" | "categorical" | "text" | "constant";

/**
 * Reads data to fit to.
 * @param round whether means and scales are to take few bytes of a file
 * @throws `missing-option` for a table without a label; `invalid-option` for an option that says nothing of these data; as the readers
 * and the encoder
 */
export async function trainingData(
  path: string,
  choice: ColumnValues,
  watch: Watch,
  round = false,
): Promise<TrainingData> {
  const bits = numberOf(choice["hash-bits"], "hash-bits");
  if (isSvmlight(path)) {
    withoutOptions(choice, encoderOptions, "no such option beside a svmlight file, which is encoded");
    return { data: await readSvmlight(path), encoder: null, columns: null };
  }
  const { label } = choice;
  if (label === undefined) {
    return fail("missing-option", { thing: "--label", expected: "the name of the column of classes" });
  }
  const table = await columnsOfTable(path);
  const columns = columnKinds(table, label, choice);
  if (columns.text.length === 0) withoutOptions(choice, ["hash-bits"], "a column of text");
  const frame = Object.fromEntries(table);
  const fitted = TableEncoder.fit(
    frame,
    {
      label,
      numeric: columns.numeric,
      categorical: columns.categorical,
      text: columns.text,
      missing: (choice.missing ?? "error") as "error",
      ...(bits === undefined ? {} : { textOptions: { bits } }),
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
function columnKinds(
  table: ReadonlyMap<string, ArrayLike<unknown>>,
  label: string,
  choice: ColumnValues,
): Record<ColumnKind, string[]> {
  const kinds: Record<ColumnKind, string[]> = { numeric: [], categorical: [], text: [], constant: [] };
  const asked = new Map<string, ColumnKind | "drop">();
  for (const kind of ["numeric", "categorical", "text", "drop"] as const) {
    for (const name of namesOf(choice[kind], kind)) {
      checkColumn(name, [...table.keys()]);
      if (asked.has(name) || name === label) {
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
