import { checkNumber } from "../base/check";
import { type Displayable, displaySymbol, type MimeBundle } from "../base/display";
import { grouped } from "../base/grouped";
import { checkShape } from "../base/shape";
import { CellBatch } from "./cell-batch";
import { cellFrame, notePlaces } from "./cell-frame";
import { type ColumnFrame, rowsOf } from "./columns";
import { csvBatches } from "./csv-batches";
import { columnsOfRecords, isJsonLines, jsonColumns, jsonLines, schemaOf, typedJson } from "./json-file";
import { checkTable } from "./names";
import { parquetBatches } from "./parquet";
import { type TableOptions, tableForm } from "./read";
import { type Paths, pathList, SameColumns, SameTypes } from "./several";

/** How to go through a table. */
export type ScanOptions = TableOptions & {
  /** The most rows of a batch. Default 8,192. */
  readonly rows?: number;
};

/**
 * Goes through a local table of any length, some rows at a time, in bounded memory: `.csv`, `.tsv`, `.jsonl`, `.ndjson` by
 * lines, `.parquet` by row groups, `.json` read whole. Cells of CSV stay text unless the schema says otherwise, since the type of a
 * column is known at its end only; an encoder reads numbers from text.
 * Several files are gone through one after the other, and each must have the same columns.
 * Columns of JSON and Parquet must have the same types in all files, too. A file is opened when its first rows are asked for, and an
 * error comes then. In a notebook a scan shows what it goes through and how far it is.
 * @throws as the readers; `empty-data` where a file has no row; `invalid-file` for a file with other columns than the first, or of other
 * types
 */
export function scanTable(
  path: Paths,
  options: ScanOptions = {},
): AsyncGenerator<ColumnFrame, void, undefined> {
  return new Scan(path, options);
}

/** Batches of a table that tell in a notebook what they are of. */
class Scan implements AsyncGenerator<ColumnFrame, void, undefined>, Displayable {
  readonly #path: Paths;
  readonly #batches: AsyncGenerator<ColumnFrame, void, undefined>;
  #rows = 0;
  #ended = false;

  constructor(path: Paths, options: ScanOptions) {
    this.#path = path;
    this.#batches = batchesOf(path, options);
  }

  async next(): Promise<IteratorResult<ColumnFrame, void>> {
    const next = await this.#batches.next();
    this.#ended = next.done === true;
    if (!next.done) this.#rows += rowsOf(next.value);
    return next;
  }

  async return(): Promise<IteratorResult<ColumnFrame, void>> {
    this.#ended = true;
    return await this.#batches.return();
  }

  async throw(error: unknown): Promise<IteratorResult<ColumnFrame, void>> {
    this.#ended = true;
    return await this.#batches.throw(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  [displaySymbol](): MimeBundle {
    const paths = [this.#path].flat();
    const named = paths.length > 3 ? [...paths.slice(0, 3), `${grouped(paths.length - 3)} more`] : paths;
    const far = this.#ended ? "at its end" : this.#rows === 0 ? "not begun" : "on its way";
    const how = this.#rows === 0 ? ": for await (const frame of scanTable(...)) { ... }" : "";
    return {
      "text/plain": `Scan of ${named.join(", ")}, ${far}, ${grouped(this.#rows)} rows so far${how}`,
    };
  }
}

async function* batchesOf(path: Paths, options: ScanOptions): AsyncGenerator<ColumnFrame, void, undefined> {
  checkShape(options, "options of scanTable", "an object", {});
  const { rows: size = 8192, ...own } = options;
  checkNumber(size, "rows", { integer: true, min: 1 });
  const paths = pathList(path);
  const same = new SameColumns();
  const types = new SameTypes();
  for (const one of paths) {
    let rows = 0;
    for await (const batch of batches(one, own, size)) {
      if (rows === 0 && paths.length > 1) same.check(one, batch.names);
      if (paths.length > 1 && !(batch instanceof CellBatch)) {
        const { columns } = batch;
        batch.names.forEach((name, j) => {
          types.check(one, name, columns[j]);
        });
      }
      for (let from = 0; from < batch.rows; from += size) {
        const to = Math.min(from + size, batch.rows);
        if (batch instanceof CellBatch) yield cellFrame(batch.part(from, to), own.schema ?? {});
        else {
          const part = batch.names.map((name, j) => [name, slice(batch.columns[j], from, to)] as const);
          const frame = Object.fromEntries(part);
          const before = rows + from;
          notePlaces(frame, (row) => `row ${before + row} of ${one}`);
          yield frame;
        }
      }
      rows += batch.rows;
    }
    checkTable(one, rows, 1);
  }
}

interface AnyBatch {
  readonly rows: number;
  readonly names: readonly string[];
  readonly columns: readonly ArrayLike<unknown>[];
}

async function* batches(
  path: string,
  options: TableOptions,
  size: number,
): AsyncGenerator<AnyBatch | CellBatch> {
  const form = tableForm(path);
  if (form === "csv") {
    yield* csvBatches(path, options);
    return;
  }
  if (form === "parquet") {
    for await (const { names, columns } of parquetBatches(path, options)) {
      yield { rows: columns[0]?.length ?? 0, names, columns };
    }
    return;
  }
  if (!isJsonLines(path)) {
    yield parted(await jsonColumns(path, options));
    return;
  }
  const schema = schemaOf(options);
  const names = new Set<string>(Object.keys(schema));
  let records: object[] = [];
  let lines: number[] = [];
  const batch = (): AnyBatch => {
    const [own, places] = [records, lines];
    records = [];
    lines = [];
    return parted(typedJson(columnsOfRecords(own, names), schema, (row) => `line ${places[row]} of ${path}`));
  };
  for await (const { line, record } of jsonLines(path, options)) {
    records.push(record);
    lines.push(line);
    for (const name of Object.keys(record)) names.add(name);
    if (records.length >= size) yield batch();
  }
  if (records.length > 0) yield batch();
}

function parted(columns: ReadonlyMap<string, readonly unknown[]>): AnyBatch {
  const values = [...columns.values()];
  return { rows: values[0]?.length ?? 0, names: [...columns.keys()], columns: values };
}

function slice(column: ArrayLike<unknown>, from: number, to: number): ArrayLike<unknown> {
  return from === 0 && to >= column.length ? column : Array.prototype.slice.call(column, from, to);
}
