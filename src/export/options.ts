import { checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Frame } from "../frame/columns";
import { TableEncoder } from "../frame/encoder";
import type { Matrix } from "../matrix/sparse";
import { checkNotes, type Provenance } from "../pack/packed";

/** What every export takes. */
export interface ExportOptions {
  /**
   * The encoder that the model was trained with: the export then takes rows of the table itself. Default: that of a
   * packed model's file, else none, and the export takes features. Cycles of dates, hashed levels and crosses that refuse unseen
   * tuples no export holds; of texts, C has words hashed alone, SQL none.
   */
  readonly encoder?: TableEncoder;
  /**
   * Of two classes, the second is the label where its probability is above this, a number in (0, 1). Default: what a
   * packed model's file says, else 0.5.
   */
  readonly threshold?: number;
  /**
   * Real rows (a table beside an encoder, else features) for the vectors of the self-test, the first 8 of them.
   * Default: rows made up from what the encoder knows.
   */
  readonly examples?: Frame | Matrix;
  /** Notes that go into a comment. Default: those of a packed model's file. */
  readonly provenance?: Provenance;
  /** A name, used in identifiers and comments: letters, digits and underscores. Default `"model"`. */
  readonly name?: string;
}

/** Options with their defaults, but for what comes of the model. */
export interface ExportPlan {
  readonly encoder: TableEncoder | undefined;
  readonly threshold: number | undefined;
  readonly examples: Frame | Matrix | undefined;
  readonly provenance: Provenance | undefined;
  readonly name: string;
  /** Whether the export takes models in integers. */
  readonly integers?: boolean;
}

/** The keys of {@link ExportOptions}. */
const exportKeys: readonly string[] = ["encoder", "threshold", "examples", "provenance", "name"];

/** Checks the common options of an export. @throws `unknown-option`, `invalid-option` */
export function planExport(options: ExportOptions, of: string, more: readonly string[] = []): ExportPlan {
  checkKeys(options, [...exportKeys, ...more], of);
  const { encoder, threshold, examples, provenance, name = "model" } = options;
  if (encoder !== undefined && !(encoder instanceof TableEncoder)) {
    fail("invalid-option", { thing: "encoder", value: encoder, expected: "a TableEncoder" });
  }
  if (provenance !== undefined) checkNotes(provenance);
  return {
    encoder,
    threshold:
      threshold === undefined ? undefined : checkNumber(threshold, "threshold", { above: 0, below: 1 }),
    examples,
    provenance,
    name: checkName(name),
  };
}

function checkName(name: unknown): string {
  if (typeof name === "string" && /^[A-Za-z][A-Za-z0-9_]{0,40}$/.test(name)) return name;
  return fail("invalid-option", {
    thing: "name",
    value: name,
    expected: "a letter, then up to 40 letters, digits and underscores",
  });
}
