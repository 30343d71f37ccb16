import { LogitpressError } from "../base/errors";
import type { CellBatch } from "./cell-batch";
import type { Schema } from "./schema";

/** What is known of a frame beside its columns. */
interface Source {
  /** Where a row lies, for messages. */
  readonly place: (row: number) => string;
  readonly cells?: CellBatch;
  /** The numbers of columns that no schema has typed, by name. */
  readonly untyped?: ReadonlyMap<string, number>;
}

const sources = new WeakMap<object, Source>();

/** Remembers where the rows of a frame lie, for messages. */
export function notePlaces(frame: object, place: (row: number) => string): void {
  sources.set(frame, { place });
}

/** Does what looks at the rows of a frame; an error that names a row names the line of the file instead where that is known. */
export function atPlaces<T>(frame: object, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const place = sources.get(frame)?.place;
    if (place === undefined || !(error instanceof LogitpressError)) throw error;
    const thing = error.complaint.thing.replace(/ at row (\d+),/, (_, row) => ` at ${place(Number(row))},`);
    throw new LogitpressError(error.code, { ...error.complaint, thing }, { cause: error.cause });
  }
}

/**
 * Columns by name of some rows of a CSV file. Those without a type in the schema are text that is made when it is asked for, so that
 * columns that nobody looks at cost nothing, and numbers are read from the bytes.
 * @throws as `CellBatch.typed`
 */
export function cellFrame(cells: CellBatch, schema: Schema): Readonly<Record<string, ArrayLike<unknown>>> {
  const frame: Record<string, ArrayLike<unknown>> = {};
  const untyped = new Map<string, number>();
  const define = (name: string, how: PropertyDescriptor): void => {
    Object.defineProperty(frame, name, { enumerable: true, configurable: true, ...how });
  };
  cells.names.forEach((name, j) => {
    if (Object.hasOwn(schema, name)) {
      define(name, { value: cells.typed(j, schema[name]), writable: true });
      return;
    }
    untyped.set(name, j);
    define(name, {
      get() {
        const value = cells.texts(j);
        define(name, { value, writable: true });
        return value;
      },
    });
  });
  sources.set(frame, { place: (row) => cells.place(row), cells, untyped });
  return frame;
}

/** A column as `numberColumn` reads it, from the bytes, or `undefined` where the frame has none there. @throws as `CellBatch.numbers` */
export function cellNumbers(frame: object, name: string): Float64Array | undefined {
  const { cells, untyped } = sources.get(frame) ?? {};
  const column = untyped?.get(name);
  return column === undefined ? undefined : cells?.numbers(column);
}

/** The number of rows of such a frame, or `undefined` for others. */
export function cellRows(frame: object): number | undefined {
  return sources.get(frame)?.cells?.rows;
}
