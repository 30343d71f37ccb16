import { fail } from "../../base/errors";

/** The dialects of SQL that are written. */
export type SqlDialect = "duckdb" | "postgres" | "spark";

/** How a dialect writes what the dialects write differently. */
export interface Dialect {
  readonly name: SqlDialect;
  /** An identifier for any name. @throws `unsupported-model` for a name that the dialect cannot hold */
  identifier(name: string): string;
  /** A literal for any text. @throws `unsupported-model` for a text that the dialect cannot hold */
  text(value: string): string;
  readonly double: string;
  readonly string: string;
}

/** The dialects by name. */
export const dialects: Readonly<Record<SqlDialect, Dialect>> = {
  duckdb: {
    name: "duckdb",
    identifier: (name) => quotedName(name, '"', Number.POSITIVE_INFINITY),
    text: (value) => `'${checked(value, "text").replaceAll("'", "''")}'`,
    double: "DOUBLE",
    string: "VARCHAR",
  },
  postgres: {
    name: "postgres",
    // A longer name would be cut without a word, and might then mean another column.
    identifier: (name) => quotedName(name, '"', 63),
    text: (value) => {
      const plain = checked(value, "text").replaceAll("'", "''");
      // Right whatever standard_conforming_strings is.
      return plain.includes("\\") ? `E'${plain.replaceAll("\\", "\\\\")}'` : `'${plain}'`;
    },
    double: "DOUBLE PRECISION",
    string: "TEXT",
  },
  spark: {
    name: "spark",
    identifier: (name) => quotedName(unsubstituted(name), "`", Number.POSITIVE_INFINITY),
    // What a backslash, a quote or a dollar means depends on the session's settings; hexadecimal digits mean one thing.
    text: (value) =>
      /^[^'"\\$\p{C}]*$/u.test(checked(value, "text"))
        ? `'${value}'`
        : `CAST(X'${Buffer.from(value, "utf8").toString("hex")}' AS STRING)`,
    double: "DOUBLE",
    string: "STRING",
  },
};

function quotedName(name: string, quote: string, limit: number): string {
  const { length } = new TextEncoder().encode(checked(name, "name of a column"));
  if (length === 0 || length > limit) {
    fail("unsupported-model", {
      thing: "name of a column",
      value: name,
      expected: limit === Number.POSITIVE_INFINITY ? "a name that is not empty" : `1 to ${limit} bytes`,
      remedy: "Rename the column before the fit.",
    });
  }
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** Spark puts variables into the text of a query wherever it reads "${". */
function unsubstituted(name: string): string {
  if (!name.includes("${")) return name;
  return fail("unsupported-model", {
    thing: "name of a column for Spark",
    value: name,
    expected: 'a name without "${"',
    remedy: "Rename the column before the fit.",
  });
}

function checked(text: string, thing: string): string {
  const whole =
    new TextDecoder().decode(new TextEncoder().encode(text)) === text || text.startsWith("\ufeff");
  if (whole && !text.includes("\0")) return text;
  return fail("unsupported-model", {
    thing: `${thing} for SQL`,
    value: text,
    expected: "well-formed Unicode without NUL",
  });
}

/** A 64-bit float as a literal that no dialect takes for a decimal. */
export function sqlNumber(value: number): string {
  const text = String(value);
  return text.includes("e") ? text : `${text}e0`;
}
