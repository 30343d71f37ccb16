import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { root } from "../python";
import { launchChromium } from "./chromium";
import { type JupyterLab, startJupyterLab } from "./jupyter-lab";

let lab: JupyterLab;
let browser: Browser;

before(async () => {
  lab = await startJupyterLab();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
  await lab?.stop();
});

test("the quickstart runs in JupyterLab and its charts are drawn and interactive", {
  timeout: 600_000,
}, async () => {
  copyFileSync(join(root, "notebooks", "quickstart.ipynb"), join(lab.folder, "quickstart.ipynb"));
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(lab.addressOf("quickstart.ipynb"), { waitUntil: "domcontentloaded" });
  await page.locator(".jp-NotebookPanel .jp-CodeCell").first().waitFor({ timeout: 120_000 });
  await runAll(page);
  await settled(page);
  for (const type of ["error", "stderr"]) {
    const outputs = page.locator(`.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.${type}"]`);
    assert.deepEqual(await outputs.allTextContents(), []);
  }
  const charts = page.locator(".jp-OutputArea-output .js-plotly-plot");
  const count = await charts.count();
  assert.ok(count >= 4, `${count} charts`);
  for (let k = 0; k < count; k++) await isInteractive(page, k);
  assert.deepEqual(problems, []);
  if (process.env.LOGITPRESS_PICTURES) await pictures(page, process.env.LOGITPRESS_PICTURES);
  await page.close();
});

/** Runs all cells once the kernel is there; before, JupyterLab would ask which one to take. */
async function runAll(page: Page): Promise<void> {
  await page.getByText("TypeScript (logitpress) | Idle").first().waitFor({ timeout: 120_000 });
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
}

/** Waits until the last cell has ended, or one has failed. */
async function settled(page: Page): Promise<void> {
  const prompts = page.locator(".jp-CodeCell .jp-InputPrompt");
  const deadline = Date.now() + 400_000;
  while (Date.now() < deadline) {
    const texts = await prompts.allTextContents();
    if (texts.length > 0 && texts.every((text) => /\[\d+\]/.test(text))) {
      await page.waitForTimeout(2_000);
      return;
    }
    await page.waitForTimeout(500);
  }
  throw new Error(`the notebook did not end: ${await prompts.allTextContents()}`);
}

/** A drawn chart has marks and a plot area that reacts to the pointer: its mode bar appears. */
async function isInteractive(page: Page, k: number): Promise<void> {
  const chart = page.locator(".jp-OutputArea-output .js-plotly-plot").nth(k);
  await chart.scrollIntoViewIfNeeded();
  const marks = await chart.locator(".main-svg .trace, .main-svg .hm, .main-svg .points path").count();
  assert.ok(marks > 0, `chart ${k} has no marks`);
  await chart.hover();
  await chart.locator(".modebar-container .modebar").first().waitFor({ state: "attached", timeout: 10_000 });
}

async function pictures(page: Page, folder: string): Promise<void> {
  const cells = page.locator(".jp-Notebook .jp-Cell");
  for (let k = 0; k < (await cells.count()); k++) {
    await cells.nth(k).screenshot({ path: join(folder, `cell-${String(k).padStart(2, "0")}.png`) });
  }
}
