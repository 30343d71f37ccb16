import { quoted } from "./source";

/** A cell that is to be a number: blank text is missing. */
export function cellSql(name: string, type: string): string {
  const column = `r.${quoted(name)}`;
  return type === "VARCHAR" ? `NULLIF(trim(${column}), '')` : column;
}

/** The expression of a column as a 64-bit float; blank text is missing. */
export function numberSql(name: string, type: string): string {
  return `CAST(${cellSql(name, type)} AS DOUBLE)`;
}
