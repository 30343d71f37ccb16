import { escapeHtml, plainLabel, shortText } from "../escape";
import { ink } from "../theme";
import { px } from "./path";

/** The pixels that a text takes, about: a picture is drawn without its font. */
export function widthOf(text: string, size = 12.5): number {
  let ems = 0;
  for (const letter of plainLabel(text)) {
    if (/[iljtf.,:;'|! ]/.test(letter)) ems += 0.31;
    else if (/[mwMW@%…—–]/.test(letter)) ems += 0.9;
    else ems += letter > "\u2e7f" ? 1 : /[A-Z]/.test(letter) ? 0.68 : 0.57;
  }
  return ems * size;
}

/** A text cut to `room` pixels. */
export function fitting(text: string, room: number, size = 12.5): string {
  const plain = shortText(plainLabel(text), 400);
  if (widthOf(plain, size) <= room) return plain;
  const letters = [...plain];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`, size) > room) {
    letters.length = Math.max(Math.min(letters.length - 1, Math.floor(letters.length * 0.95)), 1);
  }
  return `${letters.join("")}…`;
}

/** A text element; nothing for an empty text. Tags of plotly's, escaped, are plain letters. */
export function text(x: number, y: number, content: string, attributes = ""): string {
  if (content === "") return "";
  const more = attributes === "" ? "" : ` ${attributes}`;
  return `<text x="${px(x)}" y="${px(y)}" fill="${ink}"${more}>${escapeHtml(content)}</text>`;
}
