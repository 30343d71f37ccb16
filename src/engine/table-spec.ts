import { checkChoice } from "../base/check";
import { fail } from "../base/errors";
import type { EncoderState } from "../frame/encoder-state";
import type { TableSpec } from "./source";

/** How the columns of a table become features, every default filled in. */
export interface CompleteSpec {
  readonly label: string;
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly weights: string | null;
  readonly missing: "error" | "mean";
  readonly unseen: "zero" | "error";
}

/** The one of `kinds` that says where the rows lie. @throws `missing-option`, `invalid-option` */
export function sourceKind<K extends string>(
  table: Readonly<Partial<Record<K, unknown>>>,
  kinds: readonly K[],
): K {
  const given = kinds.filter((kind) => table[kind] !== undefined);
  if (given.length === 1) return given[0];
  return fail(given.length === 0 ? "missing-option" : "invalid-option", {
    thing: "source of the table",
    ...(given.length === 0 ? {} : { value: given.join(" and ") }),
    expected: `one of ${kinds.slice(0, -1).join(", ")} and ${kinds[kinds.length - 1]}`,
  });
}

/** Checks what is said of the columns and fills in the defaults. @throws `missing-option`, `invalid-option` */
export function parseSpec(spec: TableSpec): CompleteSpec {
  if (typeof spec.label !== "string") {
    fail("missing-option", { thing: "label", expected: "the name of a column" });
  }
  const complete: CompleteSpec = {
    label: spec.label,
    numeric: list(spec.numeric),
    categorical: list(spec.categorical),
    weights: spec.weights ?? null,
    missing: checkChoice(spec.missing ?? "error", "missing", ["error", "mean"]),
    unseen: checkChoice(spec.unseen ?? "zero", "unseen", ["zero", "error"]),
  };
  checkColumns(complete);
  return complete;
}

/** Refuses an encoder that was fitted to other columns. @throws `invalid-option` */
export function checkGiven(
  { label, numeric, categorical }: Pick<CompleteSpec, "label" | "numeric" | "categorical">,
  given: EncoderState,
): void {
  const own = [label, ...numeric, ...categorical];
  const theirs = [given.label, ...given.numeric, ...given.categorical].map((column) =>
    typeof column === "string" ? column : column.name,
  );
  const more = given.text.length + (given.blocks?.length ?? 0);
  if (more === 0 && own.join("\0") === theirs.join("\0")) return;
  fail("invalid-option", {
    thing: "columns of the encoder to go by",
    value: theirs.join(", "),
    expected: `those of the table, numeric and categorical alone: ${own.join(", ")}`,
  });
}

/** One text or several, as several. */
export function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function checkColumns({ label, numeric, categorical, weights }: CompleteSpec): void {
  const names = [...numeric, ...categorical];
  if (names.length === 0) {
    fail("missing-option", { thing: "columns of features", expected: "numeric or categorical" });
  }
  const again = names.find((name, i) => names.indexOf(name) !== i || name === label || name === weights);
  if (again === undefined && weights !== label) return;
  fail("invalid-option", {
    thing: "column",
    value: again ?? label,
    expected: "each column once, as a label, a weight or a feature",
  });
}
