import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { pixelsOf } from "./png";

/** The least share of a chart that its coloured marks cover; an empty one has grey text and lines at most. */
const leastColour = 0.0008;

/** The share of coloured pixels in a screenshot of an element. Text, axes and grounds are grey, marks are not. */
export async function colourOf(element: Locator): Promise<number> {
  const { channels, data } = pixelsOf(await element.screenshot());
  let coloured = 0;
  for (let k = 0; k < data.length; k += channels) {
    const [r, g, b] = [data[k]!, data[k + 1]!, data[k + 2]!];
    if (Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured++;
  }
  return (coloured * channels) / data.length;
}

/** Holds that a picture has loaded and shows marks. */
export async function assertPicture(image: Locator, name: string): Promise<void> {
  await image.scrollIntoViewIfNeeded();
  const natural = await image.evaluate((img: HTMLImageElement) =>
    img.decode().then(
      () => img.naturalWidth,
      () => 0,
    ),
  );
  assert.ok(natural > 0, `${name}: the picture did not load`);
  const colour = await colourOf(image);
  assert.ok(colour > leastColour, `${name}: the picture is blank, ${colour} of it coloured`);
}

/** Holds that a chart is drawn, that its marks are seen, and that it answers the pointer: its mode bar appears. */
export async function assertLive(chart: Locator, name: string): Promise<void> {
  await chart.scrollIntoViewIfNeeded();
  const plot = chart.locator(".js-plotly-plot");
  await plot
    .locator(".main-svg .xtick, .main-svg .ytick")
    .first()
    .waitFor({ state: "attached", timeout: 20_000 });
  const colour = await colourOf(plot);
  assert.ok(colour > leastColour, `${name}: the chart is blank, ${colour} of it coloured`);
  await plot.hover({ force: true });
  const bar = plot.locator(".modebar").first();
  await bar.waitFor({ state: "attached", timeout: 10_000 });
  const opaque = (node: Element) => Number(getComputedStyle(node).opacity);
  for (let tries = 0; (await bar.evaluate(opaque)) < 1; tries++) {
    assert.ok(tries < 50, `${name}: no mode bar under the pointer`);
    await chart.page().waitForTimeout(50);
  }
}
