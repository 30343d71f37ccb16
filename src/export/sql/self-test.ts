import { mostDense } from "../c/row";
import type { GoldenRow } from "../golden";
import type { Portable } from "../portable";
import { columnNames, labelLiteral } from "./columns";
import { type Dialect, sqlNumber } from "./dialect";

/** A query that gives no rows where another, of the rows of the self-test under the name `given`, says what the model said. */
export function testOf(
  p: Portable,
  d: Dialect,
  golden: readonly GoldenRow[],
  queryOf: (table: string) => string,
): string {
  const long = p.matrix !== null && p.matrix.features > mostDense;
  const row = d.identifier(long ? "row" : freeName(p));
  const names = columnNames(p.classes, d);
  const expected = golden
    .map(
      (entry, i) =>
        `SELECT ${i} AS ${row}, ${labelLiteral(p.classes[entry.label], d)} AS label_, ${entry.probabilities
          .map((x, k) => `${sqlNumber(x)} AS p${k}`)
          .join(", ")}`,
    )
    .join("\nUNION ALL ");
  const given = golden
    .map((entry, i) => (long ? longRow(entry, i, d) : wideRow(p, entry, i, d, row)))
    .join("\nUNION ALL ");
  const differ = names
    .map((name, k) => `found.${name} IS NULL OR ABS(found.${name} - expected.p${k}) > 1e-6`)
    .join(" OR ");
  return `WITH given AS (
${given}
), expected AS (
${expected}
), found AS (
${queryOf("given")}
)
SELECT expected.* FROM expected LEFT JOIN found ON found.${row} = expected.${row}
WHERE found.prediction IS NULL OR found.prediction <> expected.label_ OR ${differ}`;
}

function wideRow(p: Portable, row: GoldenRow, i: number, d: Dialect, key: string): string {
  const features = new Map(row.features);
  const number = (x: number): string => (Number.isNaN(x) ? `CAST(NULL AS ${d.double})` : sqlNumber(x));
  const columns =
    p.matrix !== null
      ? Array.from(p.matrix.columns, (j, c) => [p.matrix!.names[c], number(features.get(j) ?? 0)])
      : [
          ...p.numeric.map(({ name }, c) => [name, number(row.numeric[c])]),
          ...p.categorical.map(({ name }, c) => {
            const value = row.categorical[c];
            return [
              name,
              value === null ? `CAST(NULL AS ${d.string})` : `CAST(${d.text(value)} AS ${d.string})`,
            ];
          }),
        ];
  const own = columns.map(([name, sql]) => `, ${sql} AS ${d.identifier(name)}`).join("");
  return `SELECT ${i} AS ${key}${own}`;
}

function longRow(row: GoldenRow, i: number, d: Dialect): string {
  const entries = row.features.length === 0 ? [[0, 0] as const] : row.features;
  return entries
    .map(
      ([j, x]) =>
        `SELECT ${i} AS ${d.identifier("row")}, ${j} AS ${d.identifier("feature")}, ${sqlNumber(x)} AS ${d.identifier("value")}`,
    )
    .join("\nUNION ALL ");
}

/** A name for the rows of the test that no column has. */
function freeName(p: Portable): string {
  const names = [...(p.matrix?.names ?? []), ...[...p.numeric, ...p.categorical].map(({ name }) => name)];
  let name = "row";
  while (names.some((other) => other.toLowerCase() === name)) name += "_";
  return name;
}
