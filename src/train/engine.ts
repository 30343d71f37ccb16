import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import type { LinearModel } from "../model/linear";
import type { Settings } from "./options";
import type { PathOptions } from "./path";
import type { RegularizationPath } from "./regularization-path";

/** Where data live that are not in memory, and what fits to them there. `Table` is what it takes for data. */
export interface Engine<Table> {
  /** Fits with the complete options of an estimator. */
  fit(table: Table, settings: Settings, watch: Watch): Promise<LinearModel>;
}

/** An engine that follows paths, too. */
export interface PathEngine<Table> extends Engine<Table> {
  /** Fits for one strength of the penalty after another, see `regularizationPath`. */
  path(table: Table, options: PathOptions, watch: Watch): Promise<RegularizationPath>;
}

/** What a fit to a table of an engine takes. */
export interface EngineWatch<Table> extends Watch {
  /** Where the table lives, e.g. `duckdb({ memoryLimit: "1GB" })`. */
  readonly engine: Engine<Table>;
}

/** What a path of fits to a table of an engine takes. */
export interface PathEngineWatch<Table> extends Watch {
  /** Where the table lives, e.g. `duckdb({ memoryLimit: "1GB" })`. */
  readonly engine: PathEngine<Table>;
}

/** @throws `invalid-option` unless `engine` does such work */
export function checkEngine(engine: unknown, work: "fit" | "path" | "crossValidate"): void {
  if (typeof (engine as Readonly<Record<string, unknown>> | null)?.[work] === "function") return;
  const expected = "what duckdb() or spark(address) returns";
  fail("invalid-option", { thing: "engine", value: engine ?? "nothing", expected });
}
