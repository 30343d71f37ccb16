import { type ErrorCode, fail, LogitpressError } from "../base/errors";

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly thing: string;
  readonly expected?: string;
  readonly remedy?: string;
}

/** What DuckDB says, in the order in which it is looked for. */
const rules: readonly Rule[] = [
  {
    pattern:
      /No magic bytes found|too small to be a Parquet|Footer length error|TProtocolException|Invalid decompression|reached end of file|out of bounds|Snappy decompression|ZSTD Decompression|Failed to read/i,
    code: "truncated-file",
    thing: "Parquet file",
    expected: "a whole file",
    remedy: "Fetch or write the file again.",
  },
  {
    pattern: /No space left|max_temp_directory_size|could not write|failed to offload/i,
    code: "failed",
    thing: "write of temporary files: disk full",
    remedy: "Free some space, raise diskLimit, or set temporaryFolder to a folder with more room.",
  },
  {
    pattern: /Out of Memory/i,
    code: "failed",
    thing: "query: out of memory",
    remedy: "Raise memoryLimit, or lower threads.",
  },
  {
    pattern: /schema mismatch|column with the name .* expected|Mismatch between the schema/i,
    code: "invalid-file",
    thing: "schema of a file",
    expected: "the same columns in all files",
  },
  {
    pattern: /No files found|Cannot open (?:file|database)|does not exist|Not a directory/i,
    code: "invalid-file",
    thing: "source",
    expected: "what is there and can be read",
  },
  {
    pattern: /CSV Error|Error when sniffing|CSV File|Invalid unicode|not utf-8/i,
    code: "corrupt-file",
    thing: "CSV file",
    expected: "rows of one number of cells, UTF-8",
  },
  {
    pattern: /Conversion Error|Out of Range/i,
    code: "invalid-data",
    thing: "value of a column",
  },
];

/** Throws what DuckDB threw as an error of ours; those of ours as they are. */
export function refused(error: unknown): never {
  if (error instanceof LogitpressError) throw error;
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const full = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
  const rule = full ? rules[1] : rules.find(({ pattern }) => pattern.test(text));
  const message = (rule?.code === "truncated-file" ? text.replace(/\s*\n*LINE \d+:[\s\S]*$/, "") : text)
    .split("\n")
    .slice(0, 4)
    .join(" ")
    .slice(0, 400);
  if (rule === undefined) return fail("failed", { thing: `query (${message})` }, { cause: error });
  const { thing, expected, remedy } = rule;
  return fail(
    rule.code,
    {
      thing: `${thing} (${message})`,
      ...(expected === undefined ? {} : { expected }),
      ...(remedy === undefined ? {} : { remedy }),
    },
    { cause: error },
  );
}
