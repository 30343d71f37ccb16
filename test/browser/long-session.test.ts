import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { notebookOf } from "./chart-notebook";
import { labSession } from "./lab-session";
import { assertLive, assertPicture } from "./marks";
import { openNotebook } from "./notebook-page";

/** The long cell goes on while the file `hold` is there. */
const cells = [
  `import * as lp from "logitpress";
import { existsSync, writeFileSync } from "node:fs";
const features = Array.from({ length: 90 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const data = lp.Dataset.from({ features, labels: features.map(([a, b]) => (a + b > 0.1 ? "spam" : "ham")) });
const model = await new lp.LogisticRegression({ lambda: 1e-3 }).fit(data);
lp.evaluate(model, data)`,
  "lp.lossChart(model.fit)",
  `const kept = 41;
writeFileSync("started", String(process.pid));
while (existsSync("hold")) {}
"the long cell is done"`,
  "kept + 1",
];
const others = [`const kept = "of the other notebook";`, "kept"];
const [, lone, long, last] = cells.keys();

const session = labSession();

test("two notebooks, interrupt, restart, a killed kernel, rerun, reopen untrusted, export", {
  timeout: 600_000,
}, async () => {
  writeFileSync(at("long.ipynb"), notebookOf(cells));
  writeFileSync(at("other.ipynb"), notebookOf(others));
  const { page, problems } = await openNotebook(session.browser, session.lab.addressOf("long.ipynb"));

  hold();
  await startAll(page);
  await started();
  await open(page, "other.ipynb");
  await startAll(page);
  await says(page, 1, /of the other notebook/);
  await open(page, "long.ipynb");
  await command(page, "notebook:interrupt-kernel");
  await says(page, long, /KeyboardInterrupt/);
  await runCell(page, last);
  await says(page, last, /^42$/);

  await page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()");
  await runCell(page, last);
  await says(page, last, /TS2304[\s\S]*kept/);

  await command(page, "docmanager:save");
  const saved = readFileSync(at("long.ipynb"), "utf8");
  rmSync(at("started"));
  await startAll(page);
  process.kill(await started(), "SIGKILL");
  const told = page.locator(".jp-Dialog", { hasText: "appears to have died" });
  await told.waitFor();
  assert.match((await told.textContent())!, /long\.ipynb/);
  await told.getByRole("button", { name: "Ok", exact: false }).click();
  assert.equal(readFileSync(at("long.ipynb"), "utf8"), saved);
  assert.deepEqual(
    readdirSync(session.lab.folder).filter((name) => /~|tmp/.test(name)),
    [],
  );

  rmSync(at("hold"));
  await startAll(page);
  await says(page, long, /the long cell is done/);
  await says(page, last, /^42$/);
  await assertLive(outputs(page, lone), "the chart after all");
  await command(page, "docmanager:save");
  assert.deepEqual(problems, []);
  await page.close();

  await exported();
  await reopened();
});

/** What "Save and Export Notebook As, HTML" of the File menu asks the server for. */
async function exported(): Promise<void> {
  const address = session.lab.addressOf("long.ipynb").replace("/lab/tree/", "/nbconvert/html/");
  const reply = await fetch(address);
  const html = await reply.text();
  assert.equal(reply.status, 200, html);
  assert.match(html, /accuracy[\s\S]*the long cell is done/);
  assert.match(html, /<img[^>]*data:image/);
}

/** Trust is of contents: a notebook that another program has changed has it no more. */
async function reopened(): Promise<void> {
  const notebook = JSON.parse(readFileSync(at("long.ipynb"), "utf8"));
  notebook.cells[0].source = [`// From elsewhere.\n`, ...notebook.cells[0].source];
  writeFileSync(at("elsewhere.ipynb"), JSON.stringify(notebook));
  const { page, problems } = await openNotebook(session.browser, session.lab.addressOf("elsewhere.ipynb"));
  assert.equal(
    await page.evaluate("jupyterapp.shell.currentWidget.content.model.cells.get(0).trusted"),
    false,
  );
  await assertLive(outputs(page, lone), "the lone chart");
  await assertPicture(outputs(page, 0).locator("img").first(), "the picture of a table");
  assert.match((await outputs(page, 0).first().textContent())!, /accuracy/);
  assert.deepEqual(problems, []);
  await page.close();
}

function at(name: string): string {
  return join(session.lab.folder, name);
}

function hold(): void {
  writeFileSync(at("hold"), "");
}

/** The id of the kernel's process, once the long cell runs. */
async function started(): Promise<number> {
  for (let tries = 0; tries < 1200; tries++) {
    const id = existsSync(at("started")) ? Number(readFileSync(at("started"), "utf8")) : 0;
    if (id > 0) return id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the long cell has not started in two minutes");
}

/** Opens a notebook beside the others, or turns to it. */
async function open(page: Page, name: string): Promise<void> {
  await page.evaluate(`(async () => {
    const widget = await jupyterapp.commands.execute("docmanager:open", { path: ${JSON.stringify(name)} });
    await widget.revealed;
    await widget.sessionContext.ready;
    jupyterapp.shell.activateById(widget.id);
  })()`);
  await page.waitForFunction(`jupyterapp.shell.currentWidget.context.path === ${JSON.stringify(name)}`);
}

/** Runs all cells and does not wait for their end. */
async function startAll(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    await jupyterapp.shell.currentWidget.sessionContext.ready;
    await jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
    void jupyterapp.commands.execute("notebook:run-all-cells");
  })()`);
}

async function runCell(page: Page, cell: number): Promise<void> {
  await page.evaluate(`(async () => {
    jupyterapp.shell.currentWidget.content.activeCellIndex = ${cell};
    await jupyterapp.commands.execute("notebook:run-cell");
  })()`);
}

async function command(page: Page, name: string): Promise<void> {
  await page.evaluate(`jupyterapp.commands.execute(${JSON.stringify(name)}).then(() => undefined)`);
}

function outputs(page: Page, cell: number): Locator {
  return page
    .locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell")
    .nth(cell)
    .locator(".jp-OutputArea-output");
}

async function says(page: Page, cell: number, text: RegExp): Promise<void> {
  const output = outputs(page, cell).last();
  await output.filter({ hasText: text }).waitFor({ timeout: 120_000 });
}
