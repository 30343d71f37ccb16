import { type ErrorCode, fail, LogitpressError } from "../../base/errors";

/** The codes of gRPC that are told apart. */
const cancelled = 1;
const permissionDenied = 7;
const unavailable = 14;
const unauthenticated = 16;

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly thing: string;
  readonly remedy?: string;
}

/** What Spark says, in the order in which it is looked for. */
const rules: readonly Rule[] = [
  {
    pattern: /logitpress-worker: /,
    code: "failed",
    thing: "worker on the cluster",
  },
  {
    pattern: /exited with status 12[67]/,
    code: "missing-dependency",
    thing: "Node on the executors",
    remedy: "Install Node 20 or newer on every executor, or name where it is: spark(address, { node }).",
  },
  {
    pattern: /PATH_NOT_FOUND|TABLE_OR_VIEW_NOT_FOUND|FAILED_READ_FILE|UNABLE_TO_INFER_SCHEMA/,
    code: "invalid-file",
    thing: "source on the cluster",
    remedy: "Name a table, or files that every executor can read under the same path.",
  },
  {
    pattern: /PARSE_SYNTAX_ERROR|UNRESOLVED_COLUMN|DATATYPE_MISMATCH|TRANSFORM.*not (?:supported|allowed)/i,
    code: "failed",
    thing: "query on the cluster",
  },
];

/** Whether a call failed since the server is gone, or has forgotten the session: what can be done again. */
export function isLost(error: unknown): boolean {
  const { code, details } = (error ?? {}) as { code?: unknown; details?: unknown };
  if (code === unavailable) return true;
  const text = `${String(details ?? "")} ${error instanceof Error ? error.message : ""}`;
  return /INVALID_HANDLE\.(?:SESSION_|OPERATION_)|SESSION_CLOSED|SESSION_NOT_FOUND|SESSION_CHANGED|SparkContext was shut down|stopped SparkContext|Application has been killed/.test(
    text,
  );
}

/** Throws what a call threw as an error of ours; those of ours as they are. */
export function refused(error: unknown, address: string): never {
  if (error instanceof LogitpressError) throw error;
  const code = (error as { code?: unknown } | null)?.code;
  const text = error instanceof Error ? error.message : String(error);
  const message = text.replace(/\s+/g, " ").slice(0, 500);
  if (code === unauthenticated || code === permissionDenied) {
    return fail(
      "invalid-option",
      {
        thing: `token for ${address}: the server refuses it`,
        expected: "the token that the server was started with",
        remedy: "Set SPARK_CONNECT_AUTHENTICATE_TOKEN to the server's token, or pass it as token.",
      },
      { cause: error },
    );
  }
  if (code === unavailable) {
    return fail(
      "failed",
      {
        thing: `connection to ${address} (${message})`,
        remedy: "Start a cluster, e.g. by logitpress spark up, or correct the address.",
      },
      { cause: error },
    );
  }
  if (code === cancelled)
    return fail("failed", { thing: `call of ${address}: it was cancelled` }, { cause: error });
  const rule = rules.find(({ pattern }) => pattern.test(text));
  if (rule === undefined)
    return fail("failed", { thing: `query on the cluster (${message})` }, { cause: error });
  const { thing, remedy } = rule;
  return fail(
    rule.code,
    { thing: `${thing} (${message})`, ...(remedy === undefined ? {} : { remedy }) },
    { cause: error },
  );
}
