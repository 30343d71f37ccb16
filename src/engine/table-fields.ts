import type { BlockState } from "../frame/blocks/state";
import { numberSql } from "./number-sql";
import { quoted } from "./source";
import { type CompleteSpec, planColumns } from "./table-spec";

/** The columns of a table by how rows of them are read, each once in its list. */
interface TableFields {
  /** Read as numbers of levels: the label first. */
  readonly coded: readonly string[];
  /** Read as numbers, those that are standardised first. */
  readonly numbers: readonly string[];
  /** Read as points of time. */
  readonly dates: readonly string[];
  /** Read as text that is hashed as a whole. */
  readonly hashed: readonly string[];
  /** Read as text of which words are made. */
  readonly texts: readonly string[];
}

/** How the columns of a table are read. */
export function fieldsOf({ label, numeric, categorical, text, blocks }: CompleteSpec): TableFields {
  const of = (...kinds: readonly string[]): string[] =>
    blocks.filter(({ kind }) => kinds.includes(kind)).flatMap(planColumns);
  const once = (names: readonly string[]): string[] => [...new Set(names)];
  return {
    coded: once([label, ...categorical.map(({ name }) => name), ...of("ordinal", "target", "cross")]),
    numbers: once([...numeric.map(({ name }) => name), ...of("bins")]),
    dates: once(of("dates")),
    hashed: once(of("hashed")),
    texts: text.map(({ state }) => state.name),
  };
}

/** Whether a column of dates is read as text; else as milliseconds since 1970. */
export function isTextDate(type: string): boolean {
  return type === "VARCHAR";
}

/** The expression of a point of time: text as it is, else milliseconds since 1970. */
export function dateSql(name: string, type: string): string {
  const column = `r.${quoted(name)}`;
  if (isTextDate(type)) return column;
  if (!/^(?:DATE|TIMESTAMP)/.test(type)) return numberSql(name, type);
  // An infinite time is a number that is no time, and so is refused as one.
  const zone = /TIME ZONE$/.test(type) ? column : `CAST(${column} AS TIMESTAMP)`;
  return `CASE WHEN isfinite(${zone}) THEN CAST(epoch_ms(${zone}) AS DOUBLE) WHEN ${column} IS NOT NULL THEN 1e300 END`;
}

/** The expression of a level as text, numbers with all of their digits. */
export function levelTextSql(name: string, type: string): string {
  const column = `r.${quoted(name)}`;
  if (!/^(?:DOUBLE|FLOAT)$/.test(type)) return `CAST(${column} AS VARCHAR)`;
  return `CASE WHEN isnan(${column}) THEN NULL ELSE CAST(CAST(${column} AS DOUBLE) AS VARCHAR) END`;
}

/** Whether a value is missing as `missing: "indicator"` has it: blank text is. */
export function missingSql(name: string, type: string): string {
  const column = `r.${quoted(name)}`;
  if (type === "VARCHAR") return `(${column} IS NULL OR trim(${column}) = '')`;
  return /^(?:DOUBLE|FLOAT)$/.test(type) ? `(${column} IS NULL OR isnan(${column}))` : `${column} IS NULL`;
}

/** The columns whose missing values are features. */
export function indicatorsOf(blocks: readonly BlockState[] = []): string[] {
  return blocks.flatMap((block) => (block.kind === "indicator" ? [block.name] : []));
}
