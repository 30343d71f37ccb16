import { escapeHtml } from "./escape";
import type { Figure } from "./figure";

// In JupyterLab and Notebook 7 the labextension draws, by the theme of the page and when the chart comes into view; in
// a page that carries plotly it is drawn at once.
const draw =
  "(function(s){var h=s.parentNode,w=window.logitpressDraw,p=window.Plotly,d;if(!w&&!p)return;" +
  "var f=JSON.parse(s.previousElementSibling.textContent);if(w)return w(h,f);" +
  "d=document.createElement('div');h.replaceChildren(d);p.newPlot(d,f.data,f.layout,f.config)" +
  "})(document.currentScript)";

/** A still picture of the figure, which a script replaces by the live one where plotly is on the page. */
export function htmlOf(figure: Figure): string {
  return (
    `<div class="logitpress-figure">${pictureHtml(figure)}` +
    `<script type="application/json">${scriptSafe(figure)}</script><script>${draw}</script></div>`
  );
}

/** The still picture alone, as an image that carries its own data. */
export function pictureHtml(figure: Figure): string {
  const data = Buffer.from(figure.toSvg()).toString("base64");
  return (
    `<img src="data:image/svg+xml;base64,${data}" alt="${escapeHtml(figure.summary)}" ` +
    `style="max-width:100%;height:auto">`
  );
}

/** JSON that may stand in a script element, whatever strings it holds. */
export function scriptSafe(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}
