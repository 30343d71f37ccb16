/** What an element holds: elements, and texts that are never read as HTML. */
export type Inner = Node | string;

/** A new element with attributes, and texts that are never read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...inner: readonly Inner[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inner);
  return made;
}

/** The element of `root` that plays a part; each is there once. */
export function part<T extends HTMLElement>(root: HTMLElement, name: string): T {
  return root.querySelector<T>(`[data-part="${name}"]`)!;
}

/** A table with a head and rows; the first cell of a row names it. */
export function tableOf(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Inner[])[],
): HTMLElement {
  const line = (cells: readonly Inner[]) =>
    element(
      "tr",
      {},
      ...cells.map((cell, i) => (i === 0 ? element("th", { scope: "row" }, cell) : element("td", {}, cell))),
    );
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, ...rows.map(line)),
    ),
  );
}

/** A bar from a middle line to the right where `value` is positive, else to the left. */
export function signedBar(value: number, largest: number): HTMLElement {
  const half = largest > 0 ? (50 * Math.abs(value)) / largest : 0;
  const bar = element("span", { class: value < 0 ? "bar low" : "bar high" });
  bar.style.width = `${half}%`;
  bar.style.marginLeft = `${value < 0 ? 50 - half : 50}%`;
  return element("span", { class: "bars", "aria-hidden": "true" }, bar);
}

/** A bar of a share. */
export function shareBar(share: number): HTMLElement {
  const bar = element("span", { class: "bar high" });
  bar.style.width = `${100 * share}%`;
  return element("span", { class: "bars plain", "aria-hidden": "true" }, bar);
}

/** A number with its sign, in three significant digits. */
export function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${short(Math.abs(value))}`;
}

/** A number in three significant digits. */
export function short(value: number): string {
  const size = Math.abs(value);
  const small = value !== 0 && size < 1e-3;
  const text = small
    ? value.toExponential(1)
    : size < 100
      ? value.toPrecision(3)
      : String(Number(value.toPrecision(3)));
  return text.replace(/-/g, "−");
}

/** A share in percent. */
export function percentage(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** A probability in percent, never as certain as no model is. */
export function chance(probability: number): string {
  if (probability > 0.999) return "> 99.9 %";
  return probability < 0.001 ? "< 0.1 %" : percentage(probability);
}

/** A whole number with a comma every three digits. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
