import { plainLabel } from "../escape";
import type { Axis, Datum } from "../figure";
import { significant } from "../format";
import { logStep, wideLog } from "../theme";

/** Where the values of an axis lie on a stretch of pixels, and which of them are labelled. */
export interface Scale {
  /** The place of a value; of a category, its middle. */
  place(value: Datum): number;
  /** Pixels of one unit, or of one category. */
  readonly unit: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** The scale of `axis` from pixel `from` to pixel `to`. */
export function scaleOf(axis: Axis, from: number, to: number): Scale {
  const [low, high] = axis.range;
  const unit = (to - from) / (high - low);
  const at = (position: number) => from + (position - low) * unit;
  if (axis.type === "category") {
    const names = axis.categoryarray ?? [];
    const place = (value: Datum) => at(names.indexOf(String(value)));
    return {
      place,
      unit,
      ticks: names.map((label, i) => ({ at: at(i), label: plainLabel(axis.ticktext?.[i] ?? label) })),
    };
  }
  if (axis.type === "log") {
    const place = (value: Datum) => at(Math.max(Math.log10(Number(value)), Math.min(low, high) - 10));
    return { place, unit, ticks: powers(low, high).map((p) => ({ at: at(p), label: powerLabel(p) })) };
  }
  const count = Math.max(Math.round(Math.abs(to - from) / (from < to ? 90 : 50)), 2);
  const values = roundNumbers(Math.min(low, high), Math.max(low, high), count);
  return {
    place: (value) => at(Number(value)),
    unit,
    ticks: values.map((v) => ({ at: at(v), label: labelOf(v, axis) })),
  };
}

function labelOf(value: number, { tickformat }: Axis): string {
  const digits = /^\.(\d)%$/.exec(tickformat ?? "");
  return digits === null ? significant(value) : `${(100 * value).toFixed(Number(digits[1]))}%`;
}

function powers(low: number, high: number): number[] {
  const step = logStep(high - low);
  const found: number[] = [];
  for (let p = Math.floor(low / step) * step; p <= high; p += step) {
    const within = high - low < wideLog ? [p, p + Math.log10(2), p + Math.log10(5)] : [p];
    found.push(...within.filter((q) => q >= low && q <= high));
  }
  return found;
}

function powerLabel(power: number): string {
  return significant(Number((10 ** power).toPrecision(2)), 6);
}

function roundNumbers(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const found: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    found.push(Number((i * step).toPrecision(12)));
  }
  return found;
}
