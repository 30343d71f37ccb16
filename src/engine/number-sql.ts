import { quoted } from "./source";

/** The expression of a column as a 64-bit float; blank text is missing. */
export function numberSql(name: string, type: string, as: "CAST" | "TRY_CAST" = "CAST"): string {
  const column = `r.${quoted(name)}`;
  return type === "VARCHAR" ? `${as}(NULLIF(trim(${column}), '') AS DOUBLE)` : `${as}(${column} AS DOUBLE)`;
}
