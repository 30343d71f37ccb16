import { escapeHtml } from "../escape";
import type { Layout, Trace } from "../figure";
import { ink } from "../theme";
import type { Scale } from "./scale";

/** The scales of the panel that a trace is drawn in. */
export interface Panel {
  readonly x: Scale;
  readonly y: Scale;
  /** The pixel of the panel's lower edge and of its left one, where bars on a logarithmic axis begin. */
  readonly bottom: number;
  readonly left: number;
}

/** The SVG elements of one trace. */
export function marksOf(trace: Trace, panel: Panel, layout: Layout): string {
  if (trace.type === "heatmap") return cells(trace, panel);
  if (trace.type === "bar") return bars(trace, panel, layout);
  return lineAndMarkers(trace, panel);
}

/** A length in pixels, short. */
export function px(value: number): string {
  return String(Number(value.toFixed(1)));
}

function lineAndMarkers({ x, y, mode, line, marker }: Trace, panel: Panel): string {
  const points = x.map((v, i) => [panel.x.place(v), panel.y.place(y[i])] as const);
  const dash = line?.dash === undefined ? "" : ` stroke-dasharray="2 4"`;
  const path =
    mode?.includes("lines") && line !== undefined
      ? `<polyline fill="none" stroke="${line.color}" stroke-width="${line.width}" stroke-linejoin="round"${dash} ` +
        `points="${points.map(([a, b]) => `${px(a)},${px(b)}`).join(" ")}"/>`
      : "";
  const dots = mode?.includes("markers")
    ? points.map(([a, b]) => {
        return `<circle cx="${px(a)}" cy="${px(b)}" r="${(marker?.size ?? 6) / 2}" fill="${marker?.color}"/>`;
      })
    : [];
  return path + dots.join("");
}

function bars(trace: Trace, panel: Panel, layout: Layout): string {
  const flat = trace.orientation === "h";
  const [along, across] = flat ? [panel.x, panel.y] : [panel.y, panel.x];
  const ground = flat ? panel.left : panel.bottom;
  const share = typeof trace.width === "number" ? trace.width : 1 - (layout.bargap ?? 0.2);
  const thick = Math.abs(share * across.unit);
  const [values, places] = flat ? [trace.x, trace.y] : [trace.y, trace.x];
  return values
    .map((value, i) => {
      if (Number(value) <= 0) return "";
      const end = along.place(value);
      const middle = across.place(places[i]);
      const long = Math.max(Math.abs(end - ground), 0.5);
      const box = flat
        ? `x="${px(ground)}" y="${px(middle - thick / 2)}" width="${px(long)}" height="${px(thick)}"`
        : `x="${px(middle - thick / 2)}" y="${px(Math.min(end, ground))}" width="${px(thick)}" height="${px(long)}"`;
      const rect = `<rect ${box} fill="${trace.marker?.color}" fill-opacity="${trace.opacity ?? 1}"/>`;
      const label = trace.text?.[i];
      if (trace.textposition !== "outside" || typeof label !== "string") return rect;
      return `${rect}<text x="${px(end + 6)}" y="${px(middle + 4)}" fill="${ink}">${escapeHtml(label)}</text>`;
    })
    .join("");
}

function cells(
  { x, y, z, text, texttemplate, xgap = 0, ygap = 0, colorscale, zmax = 1 }: Trace,
  panel: Panel,
): string {
  const wide = Math.abs(panel.x.unit) - xgap;
  const high = Math.abs(panel.y.unit) - ygap;
  const full = colorscale?.[1][1] ?? ink;
  const colour = full.replace(/^rgba\((.*),[^,]*\)$/, "rgb($1)");
  return y
    .flatMap((name, r) =>
      x.map((other, c) => {
        const share = (z?.[r][c] ?? 0) / zmax;
        const cx = panel.x.place(other);
        const cy = panel.y.place(name);
        const label = text?.[r][c] ?? "";
        return (
          `<rect x="${px(cx - wide / 2)}" y="${px(cy - high / 2)}" width="${px(wide)}" height="${px(high)}" ` +
          `fill="${colour}" fill-opacity="${px2(0.06 + 0.89 * share)}"/>` +
          (texttemplate === undefined
            ? ""
            : `<text x="${px(cx)}" y="${px(cy + 4)}" text-anchor="middle" ` +
              `fill="${share > 0.5 ? "#fff" : ink}">${escapeHtml(label)}</text>`)
        );
      }),
    )
    .join("");
}

function px2(value: number): string {
  return String(Number(value.toFixed(3)));
}
