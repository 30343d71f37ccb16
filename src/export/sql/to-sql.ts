import { checkChoice } from "../../base/check";
import { fail } from "../../base/errors";
import type { Scorer } from "../../model/scorer";
import { commentText } from "../c/literals";
import { mostDense } from "../c/row";
import { Exported } from "../exported";
import { goldenRows } from "../golden";
import { type ExportOptions, planExport } from "../options";
import { type Portable, portable } from "../portable";
import { columnNames, labelLiteral } from "./columns";
import { type Dialect, dialects, type SqlDialect, sqlNumber } from "./dialect";
import { testOf } from "./self-test";

/** How a model becomes SQL. */
export interface SqlExportOptions extends ExportOptions {
  /** Default `"duckdb"`. */
  readonly dialect?: SqlDialect;
  /**
   * The table that is read: a name, or a name in parts such as `["schema", "table"]`; quoted, so that DuckDB takes the name of a Parquet
   * file as well. Default `"input"`.
   */
  readonly table?: string | readonly string[];
}

/**
 * A model as one SELECT: all columns of the table, `prediction`, and a probability for each class. Rows that the encoder would refuse
 * (missing or unseen where that is an error, infinite numbers) get NULL. Numbers are any numeric type; categories are text, whole numbers or
 * truth values. Names and levels are quoted, whatever they hold.
 *
 * Without an encoder, features are columns by their names; more than 4,096 come as a table of `row`, `feature` and `value`, which is
 * joined to the weights.
 *
 * The second file is a query that must give no rows. Tests run both in DuckDB, PostgreSQL and Spark.
 * @throws `unsupported-model` for columns of text, which SQL cannot normalise, and names that the dialect cannot hold; `invalid-option`,
 * `unknown-option`, `width-mismatch`
 */
export function toSql(model: Scorer, options: SqlExportOptions = {}): Exported {
  const plan = planExport(options, "toSql", ["dialect", "table"]);
  const name = checkChoice(options.dialect ?? "duckdb", "dialect", ["duckdb", "postgres", "spark"] as const);
  const dialect = dialects[name];
  const parts = typeof options.table === "string" ? [options.table] : (options.table ?? ["input"]);
  if (
    !Array.isArray(parts) ||
    parts.length === 0 ||
    parts.some((part) => typeof part !== "string" || part === "")
  ) {
    fail("invalid-option", { thing: "table", value: options.table, expected: "a name or its parts" });
  }
  const p = portable(model, plan);
  if (p.text.length > 0) {
    fail("unsupported-model", {
      thing: "column of text",
      value: p.text[0].name,
      expected: "numbers and categories, since SQL has no normal form NFKC to hash",
      remedy: "Hash the texts with the encoder and export without it: features then come as rows to join.",
    });
  }
  checkCase(p, dialect);
  const head = `-- A logistic regression of ${p.classes.length} classes (${p.link}, ${p.stage}), written by logitpress for ${name}.\n${Object.entries(
    p.provenance,
  )
    .map(([k, v]) => `-- ${commentText(k)}: ${commentText(v)}\n`)
    .join("")}`;
  const query = queryOf(p, dialect, parts.map(dialect.identifier).join("."));
  const test = testOf(p, dialect, goldenRows(p, plan.examples), (given) => queryOf(p, dialect, given));
  return new Exported(
    "sql",
    [
      { name: `${p.name}.sql`, content: `${head}${query};\n` },
      {
        name: `${p.name}.test.sql`,
        content: `${head}-- Gives no rows where the engine says what the model said.\n${test};\n`,
      },
    ],
    { dialect: name, bytes: query.length },
  );
}

/** DuckDB and Spark take names that differ in case alone for the same. */
function checkCase(p: Portable, d: Dialect): void {
  const names = [...(p.matrix?.names ?? []), ...[...p.numeric, ...p.categorical].map(({ name }) => name)];
  const folded = names.map((name) => (d.name === "postgres" ? name : name.toLowerCase()));
  const again = folded.findIndex((name, i) => folded.indexOf(name) !== i);
  if (again < 0 || (p.matrix !== null && p.matrix.features > mostDense)) return;
  fail("unsupported-model", {
    thing: "name of a column",
    value: names[again],
    expected: `names that ${d.name} can tell apart`,
    remedy: "Rename the column before the fit.",
  });
}

function queryOf(p: Portable, d: Dialect, table: string): string {
  const long = p.matrix !== null && p.matrix.features > mostDense;
  return long ? joined(p, d, table) : expressions(p, d, table);
}

function expressions(p: Portable, d: Dialect, table: string): string {
  const inputs = inputsOf(p, d);
  const margins = Array.from({ length: p.outputs }, (_, k) => `${marginOf(p, d, k, inputs)} AS m${k}`);
  // Without it PostgreSQL writes every expression out wherever its name stands.
  const fence = d.name === "postgres" ? "\nOFFSET 0" : "";
  return `SELECT t.*,
${resultsOf(p, d, "m")}
FROM ${table} AS t
CROSS JOIN LATERAL (SELECT
${inputs.list.length === 0 ? "  0 AS x0" : inputs.list.map((sql, i) => `  ${sql} AS x${i}`).join(",\n")}${fence}
) AS x
CROSS JOIN LATERAL (SELECT
${margins.map((sql) => `  ${sql}`).join(",\n")}${fence}
) AS m`;
}

interface Inputs {
  readonly list: readonly string[];
}

/** Columns `x0, x1, ...`: numbers, then the bins of numbers, then levels, then tuples. */
function inputsOf(p: Portable, d: Dialect): Inputs {
  const infinite = `CAST('Infinity' AS ${d.double})`;
  const cast = (name: string): string => `CAST(t.${d.identifier(name)} AS ${d.double})`;
  // In all three dialects NaN lies above infinity.
  const gone = (x: string): string => `${x} IS NULL OR ${x} > ${infinite}`;
  const number = (name: string, mean: number | null): string => {
    const x = cast(name);
    const missing = mean === null ? "" : `WHEN ${gone(x)} THEN ${sqlNumber(mean)} `;
    return `CASE ${missing}WHEN ${x} < ${infinite} AND ${x} > -${infinite} THEN ${x} END`;
  };
  if (p.matrix !== null) return { list: p.matrix.names.map((name) => number(name, null)) };
  const level = (c: number): string => `CAST(t.${d.identifier(p.categorical[c].name)} AS ${d.string})`;
  return {
    list: [
      ...p.numeric.map(({ name, mean }) => number(name, p.missing === "mean" ? mean : null)),
      ...p.bins.map(({ column, edges }) => {
        const x = cast(p.numeric[column].name);
        const cases = edges.map((edge, b) => ` WHEN ${x} < ${sqlNumber(edge)} THEN ${b}`).join("");
        return `CASE WHEN ${gone(x)} THEN ${edges.length + 1}${cases} ELSE ${edges.length} END`;
      }),
      ...p.categorical.map(({ levels, strict }, c) => {
        const value = level(c);
        const cases = levels.map((one, l) => ` WHEN ${d.text(one)} THEN ${l}`).join("");
        const other = strict ? "NULL" : "-1";
        const whole = cases === "" ? other : `CASE ${value}${cases} ELSE ${other} END`;
        if (p.missing === "mean") return `CASE WHEN ${value} IS NULL THEN -2 ELSE ${whole} END`;
        return `CASE WHEN ${value} IS NOT NULL THEN ${whole} END`;
      }),
      ...p.crosses.map(({ columns, tuples }) => {
        const none = columns.map((c) => `${level(c)} IS NULL`).join(" OR ");
        const cases = tuples.map((tuple, t) => {
          const same = tuple.map(
            (l, j) => `${level(columns[j])} = ${d.text(p.categorical[columns[j]].levels[l])}`,
          );
          return ` WHEN ${same.join(" AND ")} THEN ${t}`;
        });
        return `CASE WHEN ${none} THEN -2${cases.join("")} ELSE -1 END`;
      }),
    ],
  };
}

function marginOf(p: Portable, d: Dialect, k: number, { list }: Inputs): string {
  const { outputs, matrix, numeric, categorical } = p;
  const weight = (w: number): string => sqlNumber(w);
  if (matrix !== null) {
    const terms = list.map((_, i) => `${weight(matrix.weights[i * outputs + k])} * x.x${i}`);
    return sum([weight(p.intercepts[k]), ...terms]);
  }
  const fixed = numeric.reduce((b, c) => b - (c.weights[k] / c.scale) * c.mean, p.intercepts[k]);
  const terms = numeric.map(({ weights, scale }, i) => `${weight(weights[k] / scale)} * x.x${i}`);
  const table = (x: string, own: readonly (readonly [number, number])[]): string => {
    const cases = own
      .filter(([, w]) => w !== 0)
      .map(([at, w]) => ` WHEN ${at} THEN ${weight(w)}`)
      .join("");
    const value = cases === "" ? "0e0" : `CASE ${x}${cases} ELSE 0e0 END`;
    return `CASE WHEN ${x} IS NULL THEN CAST(NULL AS ${d.double}) ELSE ${value} END`;
  };
  const rows = ({ weights, missing }: { weights: Float64Array; missing: Float64Array | null }) => [
    ...Array.from({ length: weights.length / outputs }, (_, l) => [l, weights[l * outputs + k]] as const),
    ...(missing === null ? [] : [[-2, missing[k]] as const]),
  ];
  const tables = [...p.bins.map(({ weights }) => ({ weights, missing: null })), ...categorical, ...p.crosses];
  const levels = tables.map((own, at) => table(`x.x${numeric.length + at}`, rows(own)));
  return sum([weight(fixed), ...terms, ...levels]);
}

/** A sum as a balanced tree of pairs, so that no parser runs out of stack. */
function sum(terms: readonly string[]): string {
  if (terms.length <= 50) return terms.length === 1 ? terms[0] : `(${terms.join("\n    + ")})`;
  const half = Math.ceil(terms.length / 2);
  return `(${sum(terms.slice(0, half))} + ${sum(terms.slice(half))})`;
}

/** `prediction` and the probabilities of margins `m0, m1, ...` of a relation. */
function resultsOf(p: Portable, d: Dialect, m: string): string {
  const { outputs, link, classes } = p;
  const margin = (k: number): string => `${m}.m${k}`;
  const names = columnNames(classes, d);
  const cut = sqlNumber(p.cut);
  const labels = classes.map((label) => labelLiteral(label, d));
  const all = Array.from({ length: outputs }, (_, k) => margin(k));
  const none = all.map((x) => `${x} IS NULL`).join(" OR ");
  const top = all.length === 1 ? all[0] : `GREATEST(${all.join(", ")})`;
  const label =
    link === "binary"
      ? `CASE WHEN ${all[0]} > ${cut} THEN ${labels[1]} WHEN ${all[0]} <= ${cut} THEN ${labels[0]} END`
      : `CASE WHEN ${none} THEN NULL${all.map((x, k) => ` WHEN ${x} = ${top} THEN ${labels[k]}`).join("")} END`;
  const bounded = (x: string): string => `LEAST(GREATEST(${x}, -700e0), 700e0)`;
  const sigmoid = (x: string): string =>
    `CASE WHEN ${x} IS NOT NULL THEN 1e0 / (1e0 + EXP(-${bounded(x)})) END`;
  const parts =
    link === "binary"
      ? [`CASE WHEN ${all[0]} IS NOT NULL THEN 1e0 / (1e0 + EXP(${bounded(all[0])})) END`, sigmoid(all[0])]
      : all.map((x) => (link === "softmax" ? `EXP(GREATEST(${x} - ${top}, -700e0))` : sigmoid(x)));
  const total = `(${parts.join(" + ")})`;
  const shares =
    link === "binary" ? parts : parts.map((x) => `CASE WHEN ${none} THEN NULL ELSE ${x} / ${total} END`);
  return [`  ${label} AS prediction`, ...shares.map((x, k) => `  ${x} AS ${names[k]}`)].join(",\n");
}

function joined(p: Portable, d: Dialect, table: string): string {
  const { outputs } = p;
  const { columns, weights } = p.matrix!;
  const row = d.identifier("row");
  const rows = Array.from(
    columns,
    (j, i) =>
      `(${j}, ${Array.from({ length: outputs }, (_, k) => sqlNumber(weights[i * outputs + k])).join(", ")})`,
  );
  const names = Array.from({ length: outputs }, (_, k) => `w${k}`);
  const margins = names.map(
    (w, k) =>
      `  ${sqlNumber(p.intercepts[k])} + COALESCE(SUM(t.${d.identifier("value")} * w.${w}), 0e0) AS m${k}`,
  );
  return `SELECT m.${row},
${resultsOf(p, d, "m")}
FROM (
  SELECT t.${row},
${margins.join(",\n")}
  FROM ${table} AS t
  LEFT JOIN (VALUES
${rows.length === 0 ? `(-1, ${names.map(() => "0e0").join(", ")})` : rows.join(",\n")}
  ) AS w(feature, ${names.join(", ")}) ON t.${d.identifier("feature")} = w.feature
  GROUP BY t.${row}
) AS m`;
}
