import { constants } from "node:buffer";
import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import { type Watch, watchKeys } from "../base/progress";
import { jsonFault, placeIn } from "./json-fault";
import { checkSchema, type Schema, typedColumn } from "./schema";
import { numberedLines, textPieces } from "./text-file";

/** How to read a JSON file. */
export interface JsonOptions extends Watch {
  /** The types of columns by name; the others keep those of their values. Default: none. */
  readonly schema?: Schema;
}

/** True where a file's name says that each line is a JSON record of its own. */
export function isJsonLines(path: string): boolean {
  return /\.(jsonl|ndjson)(\.gz)?$/i.test(path);
}

/**
 * The columns of a JSON file: an array of records, an object of columns, or records line after line (`.jsonl`,
 * `.ndjson`). A record without a name has `null` there.
 * @throws `invalid-file` where the file can't be read or is of another form, naming the row, or is no JSON, naming line and character;
 * `length-mismatch`; `invalid-data` for a
 * value that is not of the schema's type; `missing-column`
 */
export async function jsonColumns(
  path: string,
  options: JsonOptions = {},
): Promise<Map<string, readonly unknown[]>> {
  const schema = schemaOf(options);
  if (!isJsonLines(path)) {
    const columns = await wholeJson(path, options);
    return typedJson(columns, schema, (row) => `row ${row} of ${path}`);
  }
  const records: object[] = [];
  const lines: number[] = [];
  for await (const { line, record } of jsonLines(path, options)) {
    records.push(record);
    lines.push(line);
  }
  return typedJson(columnsOfRecords(records), schema, (row) => `line ${lines[row]} of ${path}`);
}

/** The schema of options. @throws `unknown-option`, `invalid-option` */
export function schemaOf(options: JsonOptions): Schema {
  checkKeys(options, ["schema", ...watchKeys], "readJson");
  const { schema = {} } = options;
  checkSchema(schema);
  return schema;
}

/** Columns of JSON as the schema says. @throws `invalid-data`, `missing-column` */
export function typedJson(
  columns: ReadonlyMap<string, readonly unknown[]>,
  schema: Schema,
  place: (row: number) => string,
): Map<string, readonly unknown[]> {
  checkSchema(schema, [...columns.keys()]);
  return new Map(
    Array.from(columns, ([name, values]) => [
      name,
      Object.hasOwn(schema, name) ? typedColumn(values, schema[name], name, place) : values,
    ]),
  );
}

async function wholeJson(path: string, watch: Watch): Promise<Map<string, readonly unknown[]>> {
  let text = "";
  for await (const piece of textPieces(path, watch)) {
    if (text.length + piece.length > constants.MAX_STRING_LENGTH) {
      fail("invalid-file", {
        thing: `length of ${path}`,
        value: `more than ${constants.MAX_STRING_LENGTH} characters`,
        expected: "JSON that one text holds",
        remedy: "Write it as JSON lines (.jsonl), a record a line, which are read one after the other.",
      });
    }
    text += piece;
  }
  const data = parseJson(text, path);
  if (!Array.isArray(data)) return columnsOfObject(data, path);
  data.forEach((record, i) => {
    checkRecord(record, `row ${i} of ${path}`);
  });
  return columnsOfRecords(data);
}

/** The records of a file of JSON lines. @throws `invalid-file`, naming the line */
export async function* jsonLines(
  path: string,
  watch: Watch = {},
): AsyncGenerator<{ readonly line: number; readonly record: object }, void, undefined> {
  for await (const { line, text } of numberedLines(path, watch)) {
    const thing = `line ${line} of ${path}`;
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch (cause) {
      refuseJson(text, { line, path, cause });
    }
    checkRecord(record, thing);
    yield { line, record };
  }
}

/** The columns of records, with `null` where a record does not have a name. */
export function columnsOfRecords(
  records: readonly object[],
  names: Iterable<string> = [],
): Map<string, unknown[]> {
  const empty = (): unknown[] => new Array(records.length).fill(null);
  const columns = new Map<string, unknown[]>(Array.from(names, (name) => [name, empty()]));
  records.forEach((record, i) => {
    for (const [name, value] of Object.entries(record)) {
      let column = columns.get(name);
      if (column === undefined) {
        column = empty();
        columns.set(name, column);
      }
      column[i] = value;
    }
  });
  return columns;
}

function checkRecord(record: unknown, thing: string): asserts record is object {
  if (typeof record === "object" && record !== null && !Array.isArray(record)) return;
  fail("invalid-file", { thing, value: record, expected: "a record" });
}

function parseJson(text: string, path: string): object {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    refuseJson(text, { line: 1, path, cause });
  }
  if (typeof data === "object" && data !== null) return data;
  return fail("invalid-file", {
    thing: "JSON file",
    value: path,
    expected: "an array of records or an object of columns",
  });
}

/** How much of a text is shown from where it is no JSON. */
const shown = 24;

/** @param line of the file in which the text begins */
function refuseJson(
  text: string,
  { line: first, path, cause }: { readonly line: number; readonly path: string; readonly cause: unknown },
): never {
  const at = jsonFault(text);
  const { line, character } = placeIn(text, at);
  return fail(
    "invalid-file",
    {
      thing: `JSON at line ${first + line - 1}, character ${character} of ${path}`,
      value: at === text.length ? "the end" : text.slice(at, at + shown),
      expected: "valid JSON",
      remedy: at === text.length ? "Fetch or write the file again." : "Repair the text from there on.",
    },
    { cause },
  );
}

function columnsOfObject(data: object, path: string): Map<string, unknown[]> {
  const entries = Object.entries(data);
  for (const [name, column] of entries) {
    if (!Array.isArray(column)) {
      fail("invalid-file", { thing: `column "${name}" of ${path}`, value: column, expected: "an array" });
    }
    if (column.length !== entries[0][1].length) {
      fail("length-mismatch", {
        thing: `length of column "${name}" of ${path}`,
        value: column.length,
        expected: String(entries[0][1].length),
      });
    }
  }
  return new Map(entries);
}
