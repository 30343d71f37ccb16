/**
 * The lowest contrast of a text below `root` against what it stands on (WCAG 2.2, 1.4.3), from computed styles. It runs
 * in the page, so it holds all that it needs.
 */
export function lowestContrast(root: Element): { readonly contrast: number; readonly of: string } {
  type Colour = readonly [number, number, number, number];
  const parsed = (css: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (css.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a]: Colour, [x, y, z]: Colour): Colour => [
    r * a + x * (1 - a),
    g * a + y * (1 - a),
    b * a + z * (1 - a),
    1,
  ];
  const linear = (c: number) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]: Colour) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const groundOf = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255, 1];
    const own = parsed(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, groundOf(element.parentElement));
  };
  const opacityOf = (element: Element | null): number =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  let lowest = { contrast: Number.POSITIVE_INFINITY, of: "" };
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const of = text.textContent!.trim();
    const element = text.parentElement!;
    if (of === "" || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [r, g, b, a] = parsed(element instanceof SVGElement ? style.fill : style.color);
    const ground = groundOf(element);
    const [light, dark] = [
      luminance(over([r, g, b, a * opacityOf(element)], ground)),
      luminance(ground),
    ].sort((x, y) => y - x);
    const contrast = (light! + 0.05) / (dark! + 0.05);
    if (contrast < lowest.contrast) lowest = { contrast, of };
  }
  return lowest;
}
