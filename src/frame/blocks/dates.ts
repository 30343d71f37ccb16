import { fail } from "../../base/errors";
import { plainNumber } from "../cells";
import { isMissing } from "../columns";
import type { EncoderState } from "../encoder-state";
import { refuseMissing } from "../missing";
import type { DateCycle, DatesState } from "./state";

/** All cycles, in the order of their numbers in a file. */
export const dateCycles: readonly DateCycle[] = ["hour", "weekday", "monthday", "month", "yearday"];

const day = 86_400_000;
const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Sine and cosine of each cycle for each row, row after row; zeros where a date is missing.
 * @throws `invalid-data` for what is no date, or missing where it may not be, naming row and column
 */
export function dateValues(
  { name, cycles }: DatesState,
  values: ArrayLike<unknown>,
  missing: EncoderState["missing"],
): Float64Array {
  const width = 2 * cycles.length;
  const features = new Float64Array(values.length * width);
  for (let i = 0; i < values.length; i++) {
    if (isMissing(values[i])) {
      refuseMissing("date", name, i, missing);
      continue;
    }
    const time = timeOf(values[i]);
    if (time === undefined) refuseDate(`row ${i}`, name, values[i]);
    fillCycles(cycles, time, features, i * width);
  }
  return features;
}

/** Throws for what is no date. @throws `invalid-data` */
export function refuseDate(place: string, name: string, value: unknown): never {
  return fail("invalid-data", {
    thing: `date at ${place}, column "${name}"`,
    value: value instanceof Date ? "no time" : value,
    expected: "a Date, milliseconds since 1970, or ISO 8601 such as 2024-02-29 or 2024-02-29T13:45:00Z",
  });
}

/** Writes sine and cosine of each cycle of a point of time. */
export function fillCycles(cycles: readonly DateCycle[], time: number, out: Float64Array, at: number): void {
  cycles.forEach((cycle, k) => {
    const angle = 2 * Math.PI * share(cycle, time);
    out[at + 2 * k] = Math.sin(angle);
    out[at + 2 * k + 1] = Math.cos(angle);
  });
}

/**
 * Milliseconds since 1970 of a date, or `undefined` for what is none. A text without a zone is UTC, unlike in
 * `Date.parse`, where it is another time on each machine.
 */
export function timeOf(value: unknown): number | undefined {
  if (value instanceof Date) return finite(value.getTime());
  if (typeof value === "number") return finite(value);
  if (typeof value !== "string") return undefined;
  const parts = iso.exec(value.trim());
  if (parts === null) return undefined;
  const [year, month, date, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const whole = new Date(0);
  whole.setUTCFullYear(year, month - 1, date);
  const real = whole.getUTCMonth() === month - 1 && whole.getUTCDate() === date;
  if (!real || hour > 23 || minute > 59 || second > 60) return undefined;
  const fraction = Number(`0.${parts[7] ?? 0}`);
  return whole.getTime() + ((hour * 60 + minute - zoneMinutes(parts[8])) * 60 + second + fraction) * 1000;
}

/** As {@link timeOf}, but milliseconds may stand in a file of text. */
export function timeOfCell(cell: string | number): number | undefined {
  const time = timeOf(cell);
  const number = time === undefined && typeof cell === "string" ? plainNumber(cell) : undefined;
  return number === undefined ? time : timeOf(Number(number));
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone[0] === "-" ? -minutes : minutes;
}

/** The most milliseconds before or after 1970 that a `Date` holds. */
export const mostMilliseconds = 8.64e15;

function finite(time: number): number | undefined {
  return Math.abs(time) <= mostMilliseconds ? time : undefined;
}

function share(cycle: DateCycle, time: number): number {
  const date = new Date(time);
  const hours = (((time % day) + day) % day) / day;
  const year = date.getUTCFullYear();
  switch (cycle) {
    case "hour":
      return hours;
    case "weekday":
      return ((date.getUTCDay() + 6) % 7) / 7;
    case "monthday":
      return (date.getUTCDate() - 1) / new Date(Date.UTC(year, date.getUTCMonth() + 1, 0)).getUTCDate();
    case "month":
      return date.getUTCMonth() / 12;
    case "yearday": {
      const start = Date.UTC(year, 0, 1);
      return Math.floor((time - start) / day) / ((Date.UTC(year + 1, 0, 1) - start) / day);
    }
  }
}
