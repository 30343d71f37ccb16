/**
 * The text of an HTML mail: comments, scripts, styles and tags go, the end of a block ends a line, character references
 * become characters. Enough for counting words; it lays nothing out.
 */
export function htmlText(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, "")
    .replace(/<(script|style|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, " ")
    .replace(/<\/?(?:p|div|br|hr|tr|td|th|li|ul|ol|h[1-6]|table|center|blockquote)\b[^>]*>/gi, "\n")
    .replace(/<[/!?a-z][^>]*>/gi, "")
    .replace(/&(?:#(\d+)|#x([\da-f]+)|([a-z]+\d*));?/gi, character)
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n\s*/g, "\n")
    .trim();
}

const named: Readonly<Record<string, string>> = {
  nbsp: " ",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  copy: "\u00a9",
  reg: "\u00ae",
  trade: "\u2122",
  middot: "\u00b7",
  bull: "\u2022",
  hellip: "\u2026",
  ndash: "\u2013",
  mdash: "\u2014",
  lsquo: "\u2018",
  rsquo: "\u2019",
  ldquo: "\u201c",
  rdquo: "\u201d",
  pound: "\u00a3",
  euro: "\u20ac",
  cent: "\u00a2",
  eacute: "\u00e9",
  egrave: "\u00e8",
  agrave: "\u00e0",
  auml: "\u00e4",
  ouml: "\u00f6",
  uuml: "\u00fc",
  szlig: "\u00df",
  ntilde: "\u00f1",
};

function character(reference: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return named[name] ?? named[name.toLowerCase()] ?? reference;
  const point = decimal === undefined ? Number.parseInt(hexadecimal!, 16) : Number(decimal);
  const valid = point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000);
  return valid ? String.fromCodePoint(point) : "\ufffd";
}
