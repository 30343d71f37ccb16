import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { root } from "../python";
import { labSession } from "./lab-session";
import { assertLive } from "./marks";
import { openNotebook, runCells } from "./notebook-page";

const session = labSession();

test("the quickstart runs in JupyterLab and its charts are drawn and interactive", {
  timeout: 600_000,
}, async () => {
  copyFileSync(join(root, "notebooks", "01-quickstart.ipynb"), join(session.lab.folder, "quickstart.ipynb"));
  const { page, problems } = await openNotebook(session.browser, session.lab.addressOf("quickstart.ipynb"));
  await runCells(page);
  for (const type of ["error", "stderr"]) {
    const outputs = page.locator(`.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.${type}"]`);
    assert.deepEqual(await outputs.allTextContents(), []);
  }
  const drawn = page.locator(".jp-OutputArea .logitpress-chart");
  await drawn.nth(3).waitFor({ state: "attached" });
  const charts = await drawn.all();
  assert.ok(charts.length >= 4, `${charts.length} charts`);
  for (const [k, chart] of charts.entries()) await assertLive(chart, `chart ${k}`);
  assert.deepEqual(problems, []);
  if (process.env.LOGITPRESS_PICTURES) await pictures(page, process.env.LOGITPRESS_PICTURES);
  await page.close();
});

async function pictures(page: Page, folder: string): Promise<void> {
  const cells = page.locator(".jp-Notebook .jp-Cell");
  for (let k = 0; k < (await cells.count()); k++) {
    await cells.nth(k).screenshot({ path: join(folder, `cell-${String(k).padStart(2, "0")}.png`) });
  }
}
