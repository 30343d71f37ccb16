import { plainLabel } from "../escape";
import type { Axis } from "../figure";
import { grouped, significant } from "../format";
import { logStep, wideLog } from "../theme";

/** A labelled place on an axis, in the axis's own units. */
export interface Tick {
  readonly position: number;
  readonly label: string;
}

const lineHeight = 16;
const slantedHeight = 24;

/** The ticks that plotly would choose on an axis of that many pixels; of categories, as many as have room. */
export function ticksOf(
  axis: Axis,
  names: readonly string[],
  [low, high]: readonly [number, number],
  side: "x" | "y",
  pixels: number,
): readonly Tick[] {
  const [least, most] = [Math.min(low, high), Math.max(low, high)];
  if (axis.tickvals !== undefined) {
    const ticks = axis.tickvals.map((value, i) => ({
      position: axis.type === "log" ? Math.log10(value) : value,
      label: plainLabel(axis.ticktext?.[i] ?? names[value] ?? labelOf(value, axis)),
    }));
    return roomy(ticks, (most - least) / pixels, side);
  }
  if (axis.type === "category") {
    const ticks = names.map((name, position) => ({ position, label: plainLabel(name) }));
    return roomy(
      ticks.filter(({ position }) => position >= least && position <= most),
      (most - least) / pixels,
      side,
    );
  }
  if (axis.type === "log") {
    return powers(least, most, axis.dtick).map((position) => ({
      position,
      label: powerLabel(position, axis),
    }));
  }
  const count = axis.nticks ?? Math.min(Math.max(pixels / (side === "y" ? 40 : 80), 4), 9) + 1;
  return roundNumbers(least, most, count, axis.dtick).map((v) => ({ position: v, label: labelOf(v, axis) }));
}

/** Every second, third, ... tick, so that their labels do not stand in each other. */
function roomy(ticks: readonly Tick[], unitsAPixel: number, side: "x" | "y"): readonly Tick[] {
  if (ticks.length < 2) return ticks;
  const apart = Math.abs(ticks[1].position - ticks[0].position) / unitsAPixel;
  const step = Math.max(Math.ceil((side === "y" ? lineHeight : slantedHeight) / Math.max(apart, 1e-9)), 1);
  return ticks.filter((_, i) => i % step === 0);
}

function labelOf(value: number, { tickformat }: Axis): string {
  const digits = /^\.(\d)%$/.exec(tickformat ?? "");
  if (digits !== null) return `${(100 * value).toFixed(Number(digits[1]))}%`.replace("-", "−");
  if (tickformat === ".0e") return value.toExponential(0).replaceAll("-", "−");
  if (tickformat === "~g") return shortest(value);
  return tickformat === ",~r" ? plainNumber(value) : significant(value, 6);
}

function powerLabel(power: number, axis: Axis): string {
  if (Math.abs(power) > 300) return shortest(Number(`1e${Math.round(power)}`));
  return labelOf(Number((10 ** power).toPrecision(2)), axis);
}

/** As d3's format `,~r`: six significant digits, never an exponent. */
function plainNumber(value: number): string {
  const exact = Number(value.toPrecision(6));
  const [whole, share] = decimal(Math.abs(exact)).split(".");
  return `${exact < 0 ? "−" : ""}${whole.length > 3 ? grouped(Number(whole)) : whole}${share ? `.${share}` : ""}`;
}

function decimal(value: number): string {
  if (value >= 1e-6 || value === 0) return String(value);
  return value.toFixed(Math.min(6 - Math.floor(Math.log10(value)), 100)).replace(/0+$/, "");
}

/** As d3's format `~g`: six significant digits, an exponent where that is shorter. */
function shortest(value: number): string {
  return value
    .toPrecision(6)
    .replace(/(\.\d*?)0+(e|$)/, "$1$2")
    .replace(/\.(e|$)/, "$1")
    .replaceAll("-", "−");
}

function powers(low: number, high: number, dtick: Axis["dtick"]): number[] {
  const fine = dtick === undefined ? high - low < wideLog : dtick === "D2";
  const usual = logStep(high - low);
  const step = typeof dtick === "number" ? Math.max(Math.round(dtick), Math.ceil(usual / 10)) : usual;
  const found: number[] = [];
  for (let p = Math.floor(low / step) * step; p <= high; p += step) {
    const within = fine ? [p, p + Math.log10(2), p + Math.log10(5)] : [p];
    found.push(...within.filter((q) => q >= low && q <= high));
  }
  return found;
}

/** Multiples of 2, 5 or 10 times a power of ten, at most about `count`: the rule of plotly. */
function roundNumbers(low: number, high: number, count: number, dtick: Axis["dtick"]): number[] {
  const rough = high / count - low / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const usual = [2, 5, 10].find((m) => m > rough / power) ?? 10;
  const times = typeof dtick === "number" ? dtick / power : usual;
  const step = times * power;
  const found: number[] = [];
  const [first, last] = [Math.ceil(low / step - 1e-6), Math.floor(high / step + 1e-6)];
  // Beyond the exact integers counting up would stand still.
  if (!(step > 0) || !(last - first < 100) || !(Math.abs(first) < 1e15)) return [];
  for (let i = first; i <= last; i++) found.push(Number((i * times * power).toPrecision(12)));
  return found.filter(Number.isFinite);
}
