import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { load } from "../frame/dependency";
import { Throttle } from "../train/throttle";
import { refused } from "./complaints";
import type { EngineSettings } from "./options";

/** What Node, the packed rows and the kernels take beside DuckDB, in bytes. */
export const beside: number = 180e6;

/** Columns from which on DuckDB takes longer to look for what expressions have in common than to compute it twice. */
const wide = 500;

/** Columns of one statement: DuckDB holds some 2,000 rows of each, several times over for each thread. */
const columnsAtOnce = 2000;

/** Loads the optional package. @throws `missing-dependency` */
export function duckDbPackage(
  require_: () => typeof import("@duckdb/node-api") = () => require("@duckdb/node-api"),
): typeof import("@duckdb/node-api") {
  return load("@duckdb/node-api", require_, ["@duckdb/node-api@1.5.6-r.1"]);
}

/** A DuckDB in memory which spills into a folder of its own; sources are attached to it read-only. */
export class Database {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #watch: Watch;
  readonly #stop = (): void => this.#connection.interrupt();
  readonly #throttle = new Throttle();
  #wide = false;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, watch: Watch) {
    this.#instance = instance;
    this.#connection = connection;
    this.#watch = watch;
    watch.signal?.addEventListener("abort", this.#stop);
  }

  /** @param folder where DuckDB spills what does not fit its memory */
  static async open(settings: EngineSettings, folder: string, watch: Watch): Promise<Database> {
    const { DuckDBInstance } = duckDbPackage();
    const { memoryLimit, threads, diskLimit } = settings;
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: `${Math.floor((memoryLimit - beside) / 1e6)}MB`,
      threads: String(threads),
      temp_directory: folder,
      allocator_background_threads: "false",
      allow_unsigned_extensions: "false",
      autoinstall_known_extensions: "false",
      ...(diskLimit === null ? {} : { max_temp_directory_size: `${Math.floor(diskLimit / 1e3)}KB` }),
    });
    const connection = await instance.connect();
    const database = new Database(instance, connection, watch);
    await database.#without();
    return database;
  }

  /** Plans statements for a table of so many columns. */
  async plansFor(columns: number): Promise<void> {
    this.#wide = columns >= wide;
    await this.#without();
  }

  /** Turns off the optimizers that are not wanted, and one more. */
  async #without(more?: string): Promise<void> {
    // Rows keep the order of the source where its side of a join is the one that is gone along.
    const unwanted = ["join_order", "build_side_probe_side"];
    if (this.#wide) unwanted.push("common_subexpressions");
    if (more !== undefined) unwanted.push(more);
    await this.run(`SET disabled_optimizers = '${unwanted.join(",")}'`);
  }

  close(): void {
    this.#watch.signal?.removeEventListener("abort", this.#stop);
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** Runs a statement. @throws `cancelled`, and what {@link refused} makes of an error */
  async run(sql: string): Promise<void> {
    await this.#guarded(() => this.#connection.run(sql));
  }

  /** Refuses what is not one query, since what follows it might write. @throws `invalid-option` */
  async checkQuery(sql: string): Promise<void> {
    const refuse = (why: string, cause?: unknown): never =>
      fail(
        "invalid-option",
        { thing: `select (${why})`, value: sql, expected: "one SELECT over source" },
        { cause },
      );
    const statements = await this.#connection
      .extractStatements(sql)
      .catch((error: Error) => refuse(error.message.split("\n")[0], error));
    if (statements.count !== 1) refuse(`${statements.count} statements`);
    const prepared = await statements
      .prepare(0)
      .catch((error: Error) => refuse(error.message.split("\n").slice(0, 2).join(" "), error));
    const { statementType } = prepared;
    prepared.destroySync();
    if (statementType !== duckDbPackage().StatementType.SELECT) refuse("another statement");
  }

  /** The rows of a query, each by the names of its columns. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return await this.#guarded(async () => {
      const reader = await this.#connection.runAndReadAll(sql);
      return reader.getRowObjectsJS() as Record<string, unknown>[];
    });
  }

  /**
   * What a query of aggregates says of each column, some at a time.
   * @param query of some columns, which gives one row
   * @param each takes what it gives of the k-th of them
   */
  async ofColumns<T>(
    names: readonly string[],
    query: (some: readonly string[]) => string,
    each: (row: Record<string, unknown>, k: number) => T,
  ): Promise<T[]> {
    const found: T[] = [];
    // What is known of the range of each expression helps no aggregate, and takes the square of their number to find.
    await this.#without("statistics_propagation");
    for (let at = 0; at < names.length; at += columnsAtOnce) {
      const some = names.slice(at, at + columnsAtOnce);
      const [row] = await this.rows(query(some));
      some.forEach((_, k) => {
        found.push(each(row, k));
      });
    }
    await this.#without();
    return found;
  }

  /** Hands over a query's chunks, some 2,000 rows each, whose vectors lie where DuckDB has them until the next. */
  async stream(sql: string, use: (chunk: DuckDBDataChunk) => void): Promise<void> {
    let fault: { readonly error: unknown } | null = null;
    await this.#guarded(async () => {
      const result = await this.#connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        checkCancelled(this.#watch.signal, "encode");
        try {
          use(chunk);
        } catch (error) {
          fault = { error };
          return;
        }
      }
    });
    if (fault !== null) throw (fault as { readonly error: unknown }).error;
  }

  /**
   * A table that can be filled while a query is read, on a connection of its own; what does not fit memory is spilt.
   * @param columns in SQL
   */
  async filled(name: string, columns: string): Promise<{ appender: DuckDBAppender; close(): void }> {
    return await this.#guarded(async () => {
      const connection = await this.#instance.connect();
      await connection.run(`CREATE TABLE ${name} (${columns})`);
      const appender = await connection.createAppender(name);
      return {
        appender,
        close(): void {
          appender.closeSync();
          connection.closeSync();
        },
      };
    });
  }

  /** Tells how far a step has come. */
  tell(done: number, total: number, message: string): void {
    if (!this.#throttle.due(done >= total)) return;
    this.#watch.onProgress?.({ step: "encode", done, total, message });
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    checkCancelled(this.#watch.signal, "encode");
    try {
      return await work();
    } catch (error) {
      checkCancelled(this.#watch.signal, "encode");
      return refused(error);
    }
  }
}

/** The numbers of a column as DuckDB holds them. */
export function itemsOf(chunk: DuckDBDataChunk, column: number): Int32Array | Float64Array {
  return (chunk.getColumnVector(column) as unknown as { items: Int32Array | Float64Array }).items;
}
