import { listening } from "../base/ambient-signal";
import { shownAs } from "../base/display";
import type { Watch } from "../base/progress";
import type { CrossValidateEngine, CrossValidateOptions } from "../evaluate/cross-validate";
import type { TableEncoder } from "../frame/encoder";
import type { LinearModel } from "../model/linear";
import type { CrossValidation } from "../train/cross-validation-result";
import type { PathEngine } from "../train/engine";
import type { Settings } from "../train/options";
import type { PathOptions } from "../train/path";
import type { RegularizationPath } from "../train/regularization-path";
import { encodeTable } from "./encode-table";
import { type DuckDbOptions, type EngineSettings, parseEngine } from "./options";
import { PackedTable } from "./packed-table";
import { type DuckDbTable, parseTable } from "./source";

/** Tables beyond memory, by DuckDB within this process. */
export class DuckDbEngine
  implements PathEngine<DuckDbTable | PackedTable>, CrossValidateEngine<DuckDbTable | PackedTable>
{
  /** The options that were given; those left out have their defaults. */
  readonly options: DuckDbOptions;
  readonly #settings: EngineSettings;

  /** @throws `unknown-option`, `invalid-option` */
  constructor(options: DuckDbOptions = {}) {
    this.#settings = parseEngine(options);
    this.options = { ...options };
  }

  /**
   * Encodes a table in SQL and packs its rows into a temporary file, for several fits and evaluations; close it at the end.
   * @param like an encoder to go by, e.g. that of training rows for test rows; left out, one is learnt
   * @throws `missing-dependency` without `@duckdb/node-api`; `missing-column`, `invalid-label`, `invalid-data`,
   * `not-finite`, `empty-data` for what is wrong in the table; `truncated-file`, `corrupt-file`, `invalid-file` for files;
   * `failed` where disk or memory does not suffice; `cancelled`
   */
  async encode(table: DuckDbTable, watch: Watch = {}, like?: TableEncoder): Promise<PackedTable> {
    return new PackedTable(await encodeTable(parseTable(table), this.#settings, listening(watch), like));
  }

  /** Encodes a table unless it is encoded, fits, and removes what it wrote. @throws as `encode` and `fit` do */
  async fit(table: DuckDbTable | PackedTable, settings: Settings, watch: Watch): Promise<LinearModel> {
    return await this.#on(table, watch, (packed) => packed.fit(settings, watch));
  }

  /** As `fit`, a path of fits. */
  async path(
    table: DuckDbTable | PackedTable,
    options: PathOptions,
    watch: Watch,
  ): Promise<RegularizationPath> {
    return await this.#on(table, watch, (packed) => packed.path(options, watch));
  }

  /** As `fit`, a cross-validation. */
  async crossValidate(
    table: DuckDbTable | PackedTable,
    options: CrossValidateOptions,
    watch: Watch,
  ): Promise<CrossValidation> {
    return await this.#on(table, watch, (packed) => packed.crossValidate(options, watch));
  }

  async #on<T>(
    table: DuckDbTable | PackedTable,
    watch: Watch,
    work: (packed: PackedTable) => Promise<T>,
  ): Promise<T> {
    if (table instanceof PackedTable) return await work(table);
    const packed = await this.encode(table, watch);
    try {
      return await work(packed);
    } finally {
      packed.close();
    }
  }
}

shownAs("duckdb", DuckDbEngine);

/**
 * The engine for Parquet and CSV files and DuckDB tables beyond memory: `fit(table, { engine: duckdb({ memoryLimit }) })`.
 * Needs the package `@duckdb/node-api`.
 * @throws `unknown-option`, `invalid-option`
 */
export function duckdb(options: DuckDbOptions = {}): DuckDbEngine {
  return new DuckDbEngine(options);
}
