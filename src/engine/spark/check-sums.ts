import { fail } from "../../base/errors";
import { fieldsOf } from "../table-fields";
import type { ConnectClient } from "./client";
import { type PartitionSums, partitionSums } from "./partition-sums";
import { numberSql, quoted } from "./sql";
import type { CompleteSparkTable } from "./table";

/** The columns of numbers, that of weights last. */
function numbersOf(table: CompleteSparkTable): readonly string[] {
  return [...fieldsOf(table).numbers, ...(table.weights === null ? [] : [table.weights])];
}

/** The columns that must not be missing, the label first. */
function presentOf(table: CompleteSparkTable): readonly string[] {
  const { coded, dates, hashed } = fieldsOf(table);
  return [...new Set([...coded, ...dates, ...hashed])];
}

/**
 * Counts of rows and of what is missing or wrong in them, and sums of numbers, by partition: `m` for the columns of {@link presentOf},
 * `x`, `c` and `w` for those of {@link numbersOf}.
 */
export async function sumsOf(
  client: ConnectClient,
  table: CompleteSparkTable,
  types: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<PartitionSums> {
  const { label } = table;
  const numbers = numbersOf(table);
  const present = presentOf(table);
  const finite = (k: number): string =>
    `v${k} IS NOT NULL AND NOT isnan(v${k}) AND abs(v${k}) < double('inf')`;
  return await partitionSums(
    client,
    [
      ...present.map((name, k) => `${absentSql(name, types.get(name)!, name === label)} AS m${k}`),
      ...numbers.map((name, k) => `${numberSql(name, types.get(name)!)} AS v${k}`),
      ...numbers.map((name, k) => `${givenSql(name, types.get(name)!)} AS g${k}`),
    ],
    [
      "count(*) AS n",
      ...present.map((_, k) => `count_if(m${k}) AS m${k}`),
      ...numbers.map((_, k) => `sum(CASE WHEN ${finite(k)} THEN v${k} END) AS x${k}`),
      ...numbers.map((_, k) => `count_if(${finite(k)}) AS c${k}`),
      ...numbers.map((_, k) => `count_if(g${k} AND (v${k} IS NULL OR abs(v${k}) = double('inf'))) AS w${k}`),
      ...numbers.map((_, k) => `count_if(v${k} < 0) AS l${k}`),
    ],
    signal,
  );
}

function absentSql(name: string, type: string, isLabel: boolean): string {
  const column = quoted(name);
  if (!/^(?:double|float)$/.test(type)) return `${column} IS NULL`;
  const infinite = isLabel ? ` OR abs(${column}) = double('inf')` : "";
  return `(${column} IS NULL OR isnan(${column})${infinite})`;
}

function givenSql(name: string, type: string): string {
  return type === "string" ? `nullif(trim(${quoted(name)}), '') IS NOT NULL` : `${quoted(name)} IS NOT NULL`;
}

/** @throws `invalid-label`, `invalid-data`, `not-finite`, `invalid-option` for what may not be */
export function checkSums(sums: PartitionSums, table: CompleteSparkTable): void {
  const { weights, missing } = table;
  const rows = sums.total("n");
  presentOf(table).forEach((name, k) => {
    const count = sums.total(`m${k}`);
    if (count === 0 || (k > 0 && missing !== "error")) return;
    fail(k === 0 ? "invalid-label" : "invalid-data", {
      thing: `${k === 0 ? "label" : "level"} in column "${name}"`,
      value: `${count} rows without one`,
      expected: "one in every row",
      remedy:
        k === 0
          ? "Leave these rows out in select."
          : 'Fill them in select, or encode with missing: "mean" or "indicator".',
    });
  });
  numbersOf(table).forEach((name, k) => {
    const wrong = sums.total(`w${k}`);
    const absent = rows - sums.total(`c${k}`) - wrong;
    const isWeight = name === weights;
    const forgiven = missing !== "error" && !isWeight;
    if (wrong > 0 || (absent > 0 && !forgiven)) {
      fail("not-finite", {
        thing: `values of column "${name}"`,
        value: `${wrong + (forgiven ? 0 : absent)} of ${rows} rows`,
        expected: "finite numbers",
        remedy: 'Drop or fill missing values in select, or encode with missing: "mean" or "indicator".',
      });
    }
    if (isWeight && sums.total(`l${k}`) > 0) {
      fail("invalid-option", {
        thing: `weights of column "${name}"`,
        value: "below 0",
        expected: "at least 0",
      });
    }
  });
}
