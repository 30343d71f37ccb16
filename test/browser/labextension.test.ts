import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { lossChart } from "../../src/chart/loss";
import { root } from "../python";
import { launchChromium } from "./chromium";
import { assertLive, assertPicture } from "./marks";

const figure = lossChart([
  { epoch: 0, loss: 0.7 },
  { epoch: 1, loss: 0.4 },
  { epoch: 2, loss: 0.3 },
]);
const bundle = JSON.parse(JSON.stringify(figure.toBundle()));
const site = "http://lab.test/user/somebody/";
let browser: Browser;

before(async () => {
  browser = await launchChromium();
});

after(() => browser.close());

/** A page with the labextension below a prefix, and as much of Lumino's widgets as it takes. */
async function labPage(plotly: "there" | "missing" | "broken"): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  const folder = `${site}lab/extensions/logitpress/static/`;
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url === site)
      return route.fulfill({ contentType: "text/html", body: "<!doctype html><body></body>" });
    if (url === `${folder}remoteEntry.js`)
      return route.fulfill({ path: join(root, "src/notebook/labextension/static/remoteEntry.js") });
    if (url === `${folder}plotly.min.js` && plotly === "there")
      return route.fulfill({ path: join(root, "node_modules/plotly.js-dist-min/plotly.min.js") });
    if (url === `${folder}plotly.min.js` && plotly === "broken")
      return route.fulfill({ contentType: "text/javascript", body: "0" });
    return route.abort();
  });
  await page.goto(site);
  await page.evaluate(`document.body.dataset.jpThemeName = "light";
    document.body.style.setProperty("--jp-content-font-color1", "rgba(0, 0, 0, 0.87)")`);
  await page.addScriptTag({ url: `${folder}remoteEntry.js` });
  await page.evaluate(`(async () => {
    class Widget {
      node = document.createElement("div");
      isDisposed = false;
      dispose() { this.isDisposed = true; this.node.remove(); }
    }
    const container = window._JUPYTERLAB.logitpress;
    container.init({ "@lumino/widgets": { "2.0.0": { get: async () => () => ({ Widget }) } } });
    const [extension] = (await container.get("./mimeExtension"))().default;
    const { createRenderer } = extension.rendererFactory;
    window.widgets = [];
    window.show = (data) => {
      const widget = createRenderer();
      widgets.push(widget);
      document.body.append(widget.node);
      return widget.renderModel({ data });
    };
  })()`);
  return page;
}

const show = (page: Page, data: unknown) => page.evaluate(`show(${JSON.stringify(data)})`);

for (const [plotly, said] of [
  ["missing", /plotly can't be loaded from .*kernel install/],
  ["broken", /does not hold plotly; .*kernel install/],
] as const) {
  test(`where plotly is ${plotly}, the picture stays and a line says why`, async () => {
    const page = await labPage(plotly);
    await show(page, bundle);
    const { "text/html": _, ...bare } = bundle;
    await show(page, bare);
    await page.locator(".logitpress-message").nth(1).waitFor();
    assert.match((await page.locator(".logitpress-message").first().textContent())!, said);
    await assertPicture(page.locator("img"), "still");
    assert.equal(await page.locator("pre:visible").textContent(), figure.summary);
    await page.close();
  });
}

test("an invalid figure shows what is wrong with it", async () => {
  const page = await labPage("there");
  const mime = "application/vnd.plotly.v1+json";
  const invalid = [null, "text", [], { data: 3 }, { data: [null] }, { data: [], layout: "wide" }];
  for (const value of invalid) await show(page, { [mime]: value, "text/plain": "the text" });
  await page
    .locator(".logitpress-message")
    .nth(invalid.length - 1)
    .waitFor();
  for (const text of await page.locator(".logitpress-message").allTextContents()) {
    assert.match(text, /^The chart can't be drawn live: invalid (figure|data|layout).*expected/);
  }
  assert.equal(await page.locator("pre:visible").count(), invalid.length);
  await page.close();
});

test("fifty charts: drawn as they come into view, and the page answers meanwhile", async () => {
  const page = await labPage("there");
  await show(page, bundle);
  await page.locator(".js-plotly-plot").waitFor();
  await page.evaluate(`window.longest = 0;
    (function tick(last) { setTimeout(() => { longest = Math.max(longest, Date.now() - last); tick(Date.now()); }); })(Date.now())`);
  for (let k = 1; k < 50; k++) await show(page, bundle);
  await page.waitForTimeout(300);
  const drawn = await page.locator(".js-plotly-plot").count();
  assert.ok(drawn < 12, `${drawn} charts drawn out of view`);
  const last = page.locator(".logitpress-chart").nth(49);
  assert.ok(await page.locator("img").nth(49).isVisible());
  await assertLive(last, "the last");
  const longest = Number(await page.evaluate("longest"));
  assert.ok(longest < 1_000, `the page froze for ${longest} ms`);
  await page.close();
});

test("a chart follows theme and width, names itself, and prints as its picture", async () => {
  const page = await labPage("there");
  await show(page, bundle);
  await page.evaluate((html) => {
    const host = document.createElement("div");
    document.body.append(host);
    host.innerHTML = html;
    // As JupyterLab does it: a script that came with innerHTML runs once it is put in anew.
    for (const script of host.querySelectorAll("script")) {
      const again = document.createElement("script");
      again.type = script.type;
      again.textContent = script.textContent;
      script.replaceWith(again);
    }
  }, bundle["text/html"]);
  const charts = page.locator(".logitpress-chart");
  await page.locator(".js-plotly-plot").nth(1).waitFor();
  const inks = () =>
    page.locator(".gtitle").evaluateAll((all) => all.map((node) => getComputedStyle(node).fill));
  assert.deepEqual(await inks(), ["rgb(0, 0, 0)", "rgb(0, 0, 0)"]);
  await page.evaluate(`document.body.style.setProperty("--jp-content-font-color1", "rgb(255, 255, 255)");
    document.body.dataset.jpThemeName = "dark"`);
  await page.waitForFunction(
    `[...document.querySelectorAll(".gtitle")].every((node) => getComputedStyle(node).fill === "rgb(255, 255, 255)")`,
  );
  await page.setViewportSize({ width: 500, height: 700 });
  await page.waitForFunction(
    `[...document.querySelectorAll(".js-plotly-plot .main-svg:first-child")].every((svg) => svg.clientWidth < 500)`,
  );
  for (const chart of await charts.all()) {
    const named = chart.getByRole("img", { name: figure.summary });
    assert.equal(await named.count(), 1);
    await assertLive(chart, "in the dark");
  }
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".js-plotly-plot:visible").count(), 0);
  for (const image of await page.locator("img").all()) await assertPicture(image, "printed");
  await page.close();
});

test("a figure with a ground of its own keeps its colours", async () => {
  const page = await labPage("there");
  const layout = {
    paper_bgcolor: "rgb(10, 20, 30)",
    title: { text: "Own" },
    font: { color: "rgb(200, 210, 220)" },
  };
  await show(page, { "application/vnd.plotly.v1+json": { data: [{ x: [1, 2], y: [2, 1] }], layout } });
  await page.locator(".gtitle").waitFor();
  assert.equal(
    await page.locator(".gtitle").evaluate((node) => getComputedStyle(node).fill),
    "rgb(200, 210, 220)",
  );
  await page.close();
});

test("a chart that is taken away leaves nothing behind", async () => {
  const page = await labPage("there");
  const events = `window.heard = 0; window.addEventListener = new Proxy(window.addEventListener, {
    apply(target, self, args) { if (args[0] === "resize") heard++; return Reflect.apply(target, self, args); } })`;
  await page.evaluate(events);
  await show(page, bundle);
  await page.locator(".js-plotly-plot").waitFor();
  await page.evaluate("widgets[0].dispose()");
  await page.evaluate(`document.body.dataset.jpThemeName = "dark"`);
  await page.waitForTimeout(200);
  assert.equal(await page.locator(".js-plotly-plot").count(), 0);
  assert.equal(await page.evaluate("widgets[0].drawing.plot.childElementCount"), 0);
  assert.equal(await page.evaluate("heard"), 0);
  await show(page, bundle);
  await page.evaluate("widgets[1].dispose()");
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate("widgets[1].drawing.plot.childElementCount"), 0);
  await page.close();
});
