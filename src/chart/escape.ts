const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const controls = /[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu;

/** Text as it may stand in HTML and XML, in elements and in quoted attributes; control characters go. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c]).replace(controls, "");
}

/** Text of a label in plotly, which would take tags such as `<b>` and `<a>` for markup. */
export function escapeLabel(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
