import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { launchChromium } from "../browser/chromium";
import { command, newFolder, writeNotebook } from "./command";

const folder: string = newFolder("page");
let browser: Browser;

before(async () => {
  browser = await launchChromium();
});

after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const model = `import { Dataset, LogisticRegression } from "logitpress";
const rows = Array.from({ length: 100 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const labels = rows.map(([a, b]) => (a + b / 2 > 0 ? "yes" : "no"));
await new LogisticRegression({ lambda: 1e-3 }).fit(Dataset.from({ features: rows, labels }))`;
const bare = `import { display } from "tslab";
const figure = { data: [{ type: "bar", x: ["</script>", "b"], y: [1, 2] }], layout: { height: 300 } };
({ [Symbol.for("Jupyter.display")]: () => ({ "application/vnd.plotly.v1+json": figure, "text/plain": "bars" }) })`;
const formula = `({ [Symbol.for("Jupyter.display")]: () => ({ "text/latex": "$x^2$", "text/plain": "x" }) })`;

/** Opens a page with no network; what it asks for or complains about is returned with it. */
async function open(name: string, { offline } = { offline: true }) {
  const context = await browser.newContext({ offline });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url().slice(0, 80)}`));
  page.on("request", (request) => /^(?!data:|blob:|file:)/.test(request.url()) && faults.push(request.url()));
  await page.goto(pathToFileURL(join(folder, name)).href);
  return { page, faults };
}

test("charts are live offline, with one copy of the library, and nothing is asked of the network", async () => {
  const path = writeNotebook(folder, "charts.ipynb", [model, bare, formula]);
  const { status, stderr } = command(folder, ["run", path, "--html", "charts.html"]);
  assert.equal(status, 0, stderr);
  const html = readFileSync(join(folder, "charts.html"), "utf8");
  assert.equal(html.match(/plotly\.js v4/g)?.length, 1);
  assert.ok(html.indexOf("plotly.js v4") < html.indexOf("</head>"));
  const { page, faults } = await open("charts.html");
  await page.waitForFunction("document.querySelectorAll('.js-plotly-plot .main-svg').length > 0");
  assert.equal(await page.locator(".js-plotly-plot:has(.nsewdrag)").count(), 2);
  assert.equal(await page.locator(".logitpress-figure img").count(), 0);
  const bar = page.locator(".js-plotly-plot").last().locator(".bars .point path").first();
  await bar.scrollIntoViewIfNeeded();
  const box = await bar.boundingBox();
  await page.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2, { steps: 3 });
  await page.waitForSelector(".hoverlayer .hovertext");
  assert.match((await page.locator(".jp-RenderedLatex").textContent()) ?? "", /\$x\^2\$/);
  assert.deepEqual(faults, []);
});

test("a page without charts carries no library, and what lies on the network is left out and named", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/picture.png`;
  const picture = `({ [Symbol.for("Jupyter.display")]: () => ({
    "text/html": '<img alt="far" src="${address}"><p>After</p>', "text/plain": "" }) })`;
  const path = writeNotebook(folder, "remote.ipynb", ["1 + 1", picture]);
  const { status, stderr } = command(folder, ["run", path, "--html", "remote.html"]);
  assert.equal(status, 0, stderr);
  assert.ok(stderr.includes(`left out of the page, which needs no network: ${address}\n`), stderr);
  assert.ok(statSync(join(folder, "remote.html")).size < 1_000_000);
  const { page } = await open("remote.html", { offline: false });
  assert.equal(await page.locator(".jp-RenderedHTML p").textContent(), "After");
  assert.equal(await page.evaluate("document.querySelector('img[alt=far]').naturalWidth"), 0);
  assert.equal(asked, 0);
  server.close();
});

test("the logos of the kernelspec are the picture of the SVG", async () => {
  const source = join(__dirname, "..", "..", "..", "src", "notebook", "kernelspec");
  const page = await browser.newPage();
  for (const size of [32, 64]) {
    const [svg, png] = [
      ["logo-svg.svg", "svg+xml"],
      [`logo-${size}x${size}.png`, "png"],
    ].map(
      ([file, type]) => `data:image/${type};base64,${readFileSync(join(source, file)).toString("base64")}`,
    );
    const off = await page.evaluate(`(async () => {
      const pixels = async (url) => {
        const image = Object.assign(new Image(${size}, ${size}), { src: url });
        await image.decode();
        const canvas = new OffscreenCanvas(${size}, ${size}).getContext("2d");
        canvas.drawImage(image, 0, 0, ${size}, ${size});
        return canvas.getImageData(0, 0, ${size}, ${size}).data;
      };
      const [a, b] = [await pixels(${JSON.stringify(svg)}), await pixels(${JSON.stringify(png)})];
      return a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / a.length;
    })()`);
    assert.ok((off as number) < 3, `${off}`);
  }
  await page.close();
});
