import type { Failure } from "./messages";
import type { Shift } from "./shifts";

/** The source maps of code that was converted in one or two steps, as JSON. */
export interface MapTexts {
  /** From TypeScript to the JavaScript between. */
  readonly first?: string;
  /** From there to what runs. */
  readonly second: string;
}

/** A local module as JavaScript. */
export interface ModuleCode {
  /** Where its JavaScript would lie. */
  readonly path: string;
  readonly code: string;
  readonly maps?: MapTexts;
}

/** A cell as JavaScript, ready to run. */
export interface Program {
  /** What tracebacks call it, e.g. `In [3]`. */
  readonly label: string;
  /** The cell as it was written. */
  readonly text: string;
  /** Empty where nothing is to run. */
  readonly code: string;
  readonly maps?: MapTexts;
  /** Where columns of what was compiled are not those of `text`, by one step after the other. */
  readonly shifts: readonly (readonly Shift[])[];
  /** True when the whole cell is timed. */
  readonly timed: boolean;
  /** True when it awaits at its top level. */
  readonly awaits: boolean;
  /** The exported name of its last expression's value. */
  readonly result?: string;
  /** The local modules that it imports, those alone that are new or have changed. */
  readonly modules: readonly ModuleCode[];
}

/** A cell after conversion: a program and what it declares for later cells, as TypeScript; or its type errors. */
export type Converted =
  | { readonly program: Program; readonly declared: string }
  | { readonly failure: Failure };

/** A question about a place in a cell. */
interface Question {
  readonly declared: string;
  readonly code: string;
  /** In UTF-16 units. */
  readonly cursor: number;
}

/** What the compiler is asked. `declared` is what earlier cells declare, as TypeScript. */
export type CompilerRequest =
  | {
      readonly kind: "convert";
      readonly declared: string;
      readonly code: string;
      readonly label: string;
    }
  | ({ readonly kind: "complete" } & Question)
  | ({ readonly kind: "inspect" } & Question)
  | { readonly kind: "is_complete"; readonly code: string }
  | { readonly kind: "refresh" };

/** The names that would fit between `start` and `end`, in UTF-16 units; with what each is, in TypeScript's words. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
  readonly kinds: readonly string[];
}

/** What it answers, by the kind of question. */
export interface CompilerAnswers {
  readonly convert: Converted;
  readonly complete: Completions;
  /** Undefined where there is no name at the cursor. */
  readonly inspect: { readonly text: string | undefined };
  readonly is_complete: {
    readonly status: "complete" | "incomplete" | "invalid";
    readonly indent?: string;
  };
  readonly refresh: Record<string, never>;
}
