import { counted, grouped, inThrees } from "../base/grouped";

export { counted, grouped };

/** A number in at most `digits` significant digits, without trailing noise; `–` where there is none. */
export function significant(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= 10 ** digits && size < 1e15) return signed(grouped(value));
  if (value !== 0 && (size < 1e-4 || size >= 1e15))
    return signed(value.toExponential(Math.min(digits, 3) - 1));
  const [whole, ...decimals] = String(Number(value.toPrecision(digits))).split(".");
  return signed([inThrees(whole), ...decimals].join("."));
}

/** A number that somebody may have chosen: with its own digits where these are fewer than those of {@link significant}. */
export function chosen(value: number): string {
  const [own, shown] = [value.toExponential(), significant(value)];
  return shown.includes("e") && own.length < shown.length ? signed(own) : shown;
}

/** A share as a percentage with two decimals. */
export function percent(share: number): string {
  return Number.isFinite(share) ? signed(`${(100 * share).toFixed(2)} %`) : "–";
}

/** A difference of two shares in percentage points, with two decimals. */
export function points(share: number): string {
  return Number.isFinite(share) ? signed((100 * share).toFixed(2)) : "–";
}

/** Bytes, in kB and MB (powers of ten) from 10,000 on. */
export function bytes(count: number): string {
  if (count < 10_000) return `${grouped(count)} B`;
  if (count < 10_000_000) return `${significant(count / 1000, 3)} kB`;
  return `${significant(count / 1_000_000, 3)} MB`;
}

/** Seconds, minutes or hours, as long as they are worth reading. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function signed(text: string): string {
  return text.replace(/^-/, "−");
}
