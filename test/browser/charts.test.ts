import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Locator } from "playwright-core";
import { python, root } from "../python";
import { chartCells, notebookOf } from "./chart-notebook";
import { launchChromium } from "./chromium";
import { type JupyterLab, startJupyterLab } from "./jupyter-lab";
import { assertLive, assertPicture } from "./marks";
import { type NotebookPage, openNotebook, runCells } from "./notebook-page";

const chart = ".jp-OutputArea-output .logitpress-chart, .jp-OutputArea-output.logitpress-chart";
const picture = ".jp-OutputArea-output img";
const folder = mkdtempSync(join(tmpdir(), "logitpress-charts-"));
const fresh = join(folder, "fresh.ipynb");
const executed = join(folder, "executed.ipynb");
/** Charts of the notebook: one of each kind, then those among the tables of results. */
let charts = 0;
let browser: Browser;
let ours: JupyterLab;
let without: JupyterLab;

before(async () => {
  writeFileSync(fresh, notebookOf(chartCells));
  const servers = [
    startJupyterLab({ module: "notebook", baseUrl: "/behind/a/proxy/" }),
    startJupyterLab({ labextension: false }),
  ];
  const args = [join(root, "dist/src/cli/main.js"), "run", fresh, "--output", executed, "--python", python];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: root });
  [ours, without] = (await Promise.all(servers)) as [JupyterLab, JupyterLab];
  assert.equal(status, 0, stderr);
  charts = bundlesOf(executed).reduce(
    (sum, html) => sum + html.split('class="logitpress-figure"').length - 1,
    0,
  );
  assert.ok(charts >= 12, `${charts} charts`);
  for (const { folder } of [ours, without]) {
    copyFileSync(fresh, join(folder, "fresh.ipynb"));
    copyFileSync(executed, join(folder, "executed.ipynb"));
  }
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await Promise.all([ours?.stop(), without?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

for (const [place, addressOf] of [
  ["JupyterLab", () => ours.addressOf("fresh.ipynb")],
  ["Notebook 7", () => ours.notebookAddressOf("fresh.ipynb")],
] as const) {
  test(`run in ${place}, every chart is live`, { timeout: 120_000 }, async () => {
    const opened = await openNotebook(browser, addressOf());
    await runCells(opened.page);
    await eachOf(opened, chart, assertLive);
  });
}

test("run in JupyterLab without the labextension, every chart is a picture", {
  timeout: 120_000,
}, async () => {
  const opened = await openNotebook(browser, without.addressOf("fresh.ipynb"));
  await runCells(opened.page);
  await eachOf(opened, picture, assertPicture);
});

test("reopened untrusted, charts alone are live and those among tables are pictures", async () => {
  const opened = await openNotebook(browser, ours.addressOf("executed.ipynb"));
  const { page } = opened;
  const alone = page.locator(chart);
  const among = page.locator(picture).and(page.locator(":not(.logitpress-still)"));
  await allOf(alone.or(among));
  for (const [k, host] of (await alone.all()).entries()) await assertLive(host, `chart ${k}`);
  for (const [k, image] of (await among.all()).entries()) await assertPicture(image, `picture ${k}`);
  assert.deepEqual(opened.problems, []);
  await page.close();
});

test("reopened untrusted without the labextension, every chart is a picture", async () => {
  await eachOf(await openNotebook(browser, without.addressOf("executed.ipynb")), picture, assertPicture);
});

test("nbconvert's page shows the pictures with no network, and the charts ask for none", async () => {
  const empty = join(folder, "empty.ipynb");
  writeFileSync(empty, notebookOf(["1"]));
  const args = ["-m", "nbconvert", "--to", "html", executed, empty];
  const { status, stderr } = spawnSync(python, args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const context = await browser.newContext({ offline: true });
  const asked: string[][] = [];
  for (const name of ["empty", "executed"]) {
    const page = await context.newPage();
    const requests: string[] = [];
    page.on("request", (sent) => /^https?:/.test(sent.url()) && requests.push(sent.url()));
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    if (name === "executed") {
      const images = await page.locator(picture).all();
      assert.equal(images.length, charts);
      for (const [k, image] of images.entries()) await assertPicture(image, `picture ${k}`);
    }
    asked.push(requests.sort());
  }
  assert.deepEqual(asked[1], asked[0]);
  await context.close();
});

test("viewers that strip scripts show the pictures", async () => {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const html = bundlesOf(executed)
    .join("")
    .replace(/<script\b[\s\S]*?<\/script>/g, "");
  await page.setContent(`<!doctype html><body>${html}</body>`);
  const images = await page.locator("img").all();
  assert.equal(images.length, charts);
  for (const [k, image] of images.entries()) await assertPicture(image, `picture ${k}`);
  await context.close();
});

test("what is blank is found to be blank", async () => {
  const page = await browser.newPage();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><text x="9" y="99">Loss</text></svg>`;
  await page.setContent(
    `<img id="broken" src="data:image/svg+xml;base64,AAAA" width="400" height="300">` +
      `<img id="bare" src="data:image/svg+xml,${encodeURIComponent(svg)}"><div id="plain"></div>`,
  );
  await page.addScriptTag({ path: join(root, "node_modules/plotly.js-dist-min/plotly.min.js") });
  await page.evaluate(`Plotly.newPlot(plain, [{ x: [], y: [] }], { title: { text: "Loss" } })`);
  await assert.rejects(assertPicture(page.locator("#broken"), "broken"), /did not load/);
  await assert.rejects(assertPicture(page.locator("#bare"), "bare"), /is blank/);
  await assert.rejects(assertLive(page.locator("body"), "plain"), /is blank/);
  await page.evaluate(`Plotly.react(plain, [{ x: [1, 2], y: [1, 2], marker: { size: 30 } }], {})`);
  await assertLive(page.locator("body"), "full");
  await page.close();
});

async function eachOf(
  { page, problems }: NotebookPage,
  selector: string,
  check: (element: Locator, name: string) => Promise<void>,
): Promise<void> {
  const found = await allOf(page.locator(selector));
  for (const [k, element] of found.entries()) await check(element, `chart ${k}`);
  assert.deepEqual(problems, []);
  await page.close();
}

/** Every chart of a notebook, of which JupyterLab draws one cell after another. */
async function allOf(found: Locator): Promise<Locator[]> {
  await found.nth(charts - 1).waitFor({ state: "attached" });
  assert.equal(await found.count(), charts);
  return await found.all();
}

/** The HTML of all outputs of an executed notebook. */
function bundlesOf(path: string): string[] {
  const { cells } = JSON.parse(readFileSync(path, "utf8"));
  const outputs = cells.flatMap(
    (cell: { outputs: { data?: Record<string, string | string[]> }[] }) => cell.outputs,
  );
  return outputs.map(({ data }: { data?: Record<string, string | string[]> }) =>
    [data?.["text/html"] ?? []].flat().join(""),
  );
}
