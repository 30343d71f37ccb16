/**
 * Every way in which logitpress refuses input. The list is closed: each code is thrown somewhere and reached by
 * a test.
 */
export type ErrorCode =
  | "invalid-option"
  | "unknown-option"
  | "missing-option"
  | "invalid-data"
  | "missing-column"
  | "invalid-label"
  | "not-finite"
  | "empty-data"
  | "length-mismatch"
  | "width-mismatch"
  | "invalid-model"
  | "invalid-file"
  | "truncated-file"
  | "corrupt-file"
  | "unsupported-version"
  | "unsupported-model"
  | "missing-dependency"
  | "cancelled"
  | "failed";

/** What an error says, in the grammar `<what is wrong> <thing>: <value>; expected <expected>. <remedy>`. */
export interface Complaint {
  /** The option, column, file or argument at fault, e.g. `sparsity`. */
  readonly thing: string;
  /** The value that was met; shown in shortened form. Left out where there is none (a missing column). */
  readonly value?: unknown;
  /** What would have been right, e.g. `a number in [0, 1)`. */
  readonly expected?: string;
  /** What to do about it, as a sentence. */
  readonly remedy?: string;
}

/**
 * An error of logitpress: `code` for programs, `message` for people. All that is public throws it alone for input: an argument that is
 * missing or of another kind than its type says is `missing-option`, `invalid-option`, `invalid-model` or `invalid-data`.
 */
export class LogitpressError extends Error {
  /** Always `LogitpressError`. */
  override readonly name = "LogitpressError";

  constructor(
    /** What went wrong, from a closed list; what programs ask by. */
    readonly code: ErrorCode,
    /** The thing, its value, what was expected and the remedy, of which the message is made. */
    readonly complaint: Complaint,
    options?: ErrorOptions,
  ) {
    super(sentence(code, complaint), options);
  }
}

/** Throws a {@link LogitpressError}. */
export function fail(code: ErrorCode, complaint: Complaint, options?: ErrorOptions): never {
  const error = new LogitpressError(code, complaint, options);
  // The stack begins where the fault was found, not here.
  Error.captureStackTrace(error, fail);
  throw error;
}

const verdicts: Partial<Record<ErrorCode, string>> = {
  "unknown-option": "unknown",
  "missing-option": "missing",
  "missing-column": "missing",
  "missing-dependency": "missing",
  "empty-data": "empty",
  cancelled: "cancelled",
  failed: "failed",
};

function sentence(code: ErrorCode, { thing, value, expected, remedy }: Complaint): string {
  const verdict = verdicts[code] ?? "invalid";
  const shown = value === undefined ? "" : `: ${show(value)}`;
  const wanted = expected === undefined ? "" : `; expected ${expected}`;
  return `${verdict} ${thing}${shown}${wanted}.${remedy === undefined ? "" : ` ${remedy}`}`;
}

function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : describe(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const { length } = value as ArrayLike<unknown>;
    return `${value.constructor.name}(${length})`;
  }
  if (typeof value === "object" && value !== null) return value.constructor?.name ?? "object";
  if (typeof value === "function") return describeFunction(value);
  return String(value);
}

/** `class Dataset`, `function parse`, or `function` where it has no name: never its source. */
function describeFunction(value: { readonly name: string }): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  return `${kind} ${value.name}`.trim();
}
