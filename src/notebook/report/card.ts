import { displaySymbol, type MimeBundle } from "../../base/display";
import { escapeHtml, proseHtml } from "../../chart/escape";
import type { Figure } from "../../chart/figure";
import { htmlOf } from "../../chart/upgrade";
import { type FitWarning, warningText } from "../../model/warning";
import { type TableView, tableHtml, tableText } from "../table";

/** A part of a card. */
export type CardPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "warning"; readonly warning: FitWarning | string }
  | { readonly kind: "code"; readonly lines: readonly string[] }
  | { readonly kind: "table"; readonly table: TableView }
  | { readonly kind: "figure"; readonly figure: Figure };

/** A summary of data, of a model or of its history: a part of a report, which a notebook shows as well. */
export class Card {
  constructor(
    /** What it is of. */
    readonly title: string,
    /** What it says, in order. */
    readonly parts: readonly CardPart[],
  ) {}

  /** The card as HTML, every string in it escaped. @param drawn how a chart is put into the page */
  toHtml(drawn: (figure: Figure) => string = htmlOf): string {
    const inner = this.parts.map((part) => partHtml(part, drawn)).join("");
    return `<div class="card"><p class="card-title"><strong>${escapeHtml(this.title)}</strong></p>${inner}</div>`;
  }

  /** The card as plain text. */
  toText(): string {
    return [this.title, ...this.parts.map(partText)].join("\n");
  }

  /** What a notebook shows of it. */
  toBundle(): MimeBundle {
    return { "text/html": this.toHtml(), "text/plain": this.toText() };
  }
}

Object.defineProperty(Card.prototype, displaySymbol, { value: Card.prototype.toBundle });

function partHtml(part: CardPart, drawn: (figure: Figure) => string): string {
  switch (part.kind) {
    case "text":
      return part.text
        .split(/\n\s*\n/)
        .map((text) => `<p>${proseHtml(text.trim())}</p>`)
        .join("");
    case "heading":
      return `<h3>${escapeHtml(part.text)}</h3>`;
    case "list":
      return `<ul>${part.items.map((item) => `<li>${proseHtml(item)}</li>`).join("")}</ul>`;
    case "warning":
      return `<p class="logitpress-warning" style="border-left:3px solid #e69f00;padding-left:0.6em"><b>Warning:</b> ${proseHtml(warningText(part.warning))}</p>`;
    case "code":
      return `<pre>${escapeHtml(part.lines.join("\n"))}</pre>`;
    case "table":
      return tableHtml(part.table);
    case "figure":
      return drawn(part.figure);
  }
}

function partText(part: CardPart): string {
  switch (part.kind) {
    case "list":
      return part.items.map((item) => `- ${item}`).join("\n");
    case "warning":
      return `Warning: ${warningText(part.warning)}`;
    case "code":
      return part.lines.join("\n");
    case "table":
      return tableText(part.table);
    case "figure":
      return part.figure.summary;
    default:
      return part.text;
  }
}
