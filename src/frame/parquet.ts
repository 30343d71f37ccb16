import { open } from "node:fs/promises";
import { basename } from "node:path";
import { checkKeys } from "../base/check";
import { fail, LogitpressError } from "../base/errors";
import { type Watch, watchKeys, watchOf } from "../base/progress";
import { readingRemedy } from "../base/reading";
import { checkColumn } from "./names";
import { Pacer } from "./pacer";
import { checkSchema, type Schema, typedColumn } from "./schema";

/** How to read a Parquet file. */
export interface ParquetOptions extends Watch {
  /** The columns to read. Default all. */
  readonly columns?: readonly string[];
  /** The types of columns by name; the others keep those of the file. Default: none. */
  readonly schema?: Schema;
}

/** Some rows of a Parquet file: the values of each column, `null` where one is missing. */
interface ParquetBatch {
  readonly names: readonly string[];
  readonly columns: readonly ArrayLike<unknown>[];
}

/**
 * The rows of a Parquet file, a row group at a time: what is in memory at once is one group. Integers of 64 bits are
 * numbers where a float holds them, else text, so that no digit is lost.
 *
 * Read by hyparquet; all codecs of the format.
 * @throws `unknown-option`; `missing-column` for a column that the file does not have; `invalid-data` for a value that is not of the
 * schema's type, naming row and column; `invalid-file` where it can't be
 * read, is no Parquet file or is cut short
 */
export async function* parquetBatches(
  path: string,
  options: ParquetOptions = {},
): AsyncGenerator<ParquetBatch, void, undefined> {
  checkKeys(options, ["columns", "schema", ...watchKeys], "readParquet");
  const { schema = {} } = options;
  checkSchema(schema);
  const { parquetMetadataAsync, parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const handle = await open(path).catch((cause) => unreadable(path, "a file that can be read", cause));
  try {
    const byteLength = (await handle.stat()).size;
    const file = {
      byteLength,
      async slice(start: number, end = byteLength): Promise<ArrayBuffer> {
        const bytes = new Uint8Array(end - start);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
        if (bytesRead < bytes.length) throw new RangeError(`only ${bytesRead} bytes at ${start}`);
        return bytes.buffer;
      },
    };
    const metadata = await parquetMetadataAsync(file);
    const names = metadata.schema[0].num_children === undefined ? [] : topLevelNames(metadata.schema);
    const wanted = options.columns ?? names;
    for (const name of wanted) checkColumn(name, names);
    checkSchema(schema, wanted);
    const pacer = new Pacer(watchOf(options), `read ${basename(path)}`, metadata.row_groups.length);
    let rowStart = 0;
    for (const [number, group] of metadata.row_groups.entries()) {
      pacer.at(number);
      const rowEnd = rowStart + Number(group.num_rows);
      const parts = new Map<string, { readonly data: ArrayLike<unknown>; readonly from: number }[]>();
      await parquetRead({
        file,
        metadata,
        rowStart,
        rowEnd,
        columns: [...wanted],
        compressors,
        onChunk({ columnName, columnData, rowStart: from }) {
          const chunks = parts.get(columnName) ?? [];
          chunks.push({ data: columnData, from: from - rowStart });
          parts.set(columnName, chunks);
        },
      });
      const rows = rowEnd - rowStart;
      if (rows > 0) {
        const first = rowStart;
        const columns = wanted.map((name) => {
          const values = columnOf(parts.get(name) ?? [], rows, name, path);
          if (!Object.hasOwn(schema, name)) return values;
          return typedColumn(values, schema[name], name, (row) => `row ${first + row} of ${path}`);
        });
        yield { names: wanted, columns };
      }
      rowStart = rowEnd;
    }
    pacer.at(metadata.row_groups.length);
  } catch (cause) {
    if (cause instanceof LogitpressError) throw cause;
    unreadable(path, "a whole Parquet file", cause);
  } finally {
    await handle.close();
  }
}

function topLevelNames(schema: readonly { name: string; num_children?: number }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at++].num_children ?? 0;
    for (let k = 0; k < children; k++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at].name);
    skip();
  }
  return names;
}

function columnOf(
  parts: readonly { readonly data: ArrayLike<unknown>; readonly from: number }[],
  rows: number,
  name: string,
  path: string,
): unknown[] {
  const column: unknown[] = new Array(rows);
  let count = 0;
  for (const { data, from } of parts) {
    for (let i = 0; i < data.length; i++) column[from + i] = plain(data[i]);
    count += data.length;
  }
  if (count === rows) return column;
  return fail("invalid-file", {
    thing: `number of values in column "${name}" of ${path}`,
    value: count,
    expected: String(rows),
    remedy: "Fetch or write the file again.",
  });
}

function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function unreadable(path: string, expected: string, cause: unknown): never {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  const remedy = code === undefined ? { remedy: "Fetch or write the file again." } : readingRemedy(cause);
  return fail("invalid-file", { thing: "Parquet file", value: path, expected, ...remedy }, { cause });
}
