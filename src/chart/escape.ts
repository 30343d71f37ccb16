const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const controls = /[^\t\n\r\P{Cc}]|\p{Cs}|[\ufffe\uffff]/gu;

/** Text as it may stand in HTML and XML, in elements and in quoted attributes; control characters and halves of pairs go. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c]).replace(controls, "");
}

/** Running text as HTML: a number and its unit stay on one line. */
export function proseHtml(text: string): string {
  return escapeHtml(text.replace(/(\d) (?=(?:%|B|kB|MB|bytes|rows)(?![\w]))/g, "$1\u00a0"));
}

/** Text of a label in plotly, which would take tags such as `<b>` and `<a>` for markup. */
export function escapeLabel(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** The plain text of a label that was escaped for plotly. */
export function plainLabel(label: string): string {
  return label.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** A label of at most `most` letters, the rest cut off. */
export function shortLabel(label: string, most: number): string {
  const plain = plainLabel(label);
  const short = shortText(plain, most);
  return short === plain ? label : escapeLabel(short);
}

/** A text of at most `most` letters, the rest cut off. */
export function shortText(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = [...text.slice(0, 2 * most + 2)];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}
