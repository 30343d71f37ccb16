import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { notebookOf } from "./chart-notebook";
import { lowestContrast } from "./contrast";
import { labSession } from "./lab-session";
import { assertLive } from "./marks";
import { openNotebook, runCells, setTheme } from "./notebook-page";

/** The contrast that text needs (WCAG 2.2, 1.4.3). */
const legible = 4.5;
const cells = [
  `import * as lp from "logitpress";
const frame = lp.readCsv("mails.csv");
await frame`,
  `const count: number = "three";`,
  `function half(n: number): number {
  if (n % 2) throw new RangeError(\`\${n} is odd\`);
  return n / 2;
}
half(7)`,
  `for (const _ of lp.progress(Array.from({ length: 40 }, (_, i) => i), { title: "Rows" })) {}`,
  `lp.display(lp.html\`<b>Bold</b> and <a href="#">a link</a>\`, lp.markdown\`A **table**:

| name | value |
| --- | --- |
| a | 1 |\`)`,
  `console.log("to stdout"); console.error("to stderr"); [1, 2, 3]`,
  `new RangeError("shown, not thrown")`,
  `lp.lossChart([0.7, 0.5, 0.4, 0.35].map((loss, epoch) => ({ epoch, loss })))`,
];

/** Texts that are not legible. */
const faint: string[] = [];
const session = labSession();

test("a session with tables, errors, progress and charts reads well in both themes", {
  timeout: 120_000,
}, async () => {
  const rows = Array.from(
    { length: 30 },
    (_, i) => `${i},${(i * 1.37).toFixed(2)},${i % 3 ? "ham" : "spam"},${i % 5 ? i : ""}`,
  );
  writeFileSync(join(session.lab.folder, "mails.csv"), ["id,length,label,links", ...rows].join("\n"));
  const notebook = JSON.parse(notebookOf(cells));
  // Run all goes on after these.
  for (const at of [1, 2]) notebook.cells[at].metadata.tags = ["raises-exception"];
  writeFileSync(join(session.lab.folder, "session.ipynb"), JSON.stringify(notebook));
  const { page, problems } = await openNotebook(session.browser, session.lab.addressOf("session.ipynb"));
  await runCells(page);
  const outputs = (cell: number) =>
    page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-OutputArea-output");
  for (const theme of ["JupyterLab Light", "JupyterLab Dark"] as const) {
    await setTheme(page, theme);
    await reads(outputs(0).locator("table"), /length[\s\S]*ham/, theme);
    await reads(outputs(1), /TS2322[\s\S]*string[\s\S]*number/, theme);
    await reads(outputs(2), /RangeError: 7 is odd[\s\S]*half/, theme);
    await reads(outputs(3), /Rows: 40\/40/, theme);
    await reads(outputs(4).first(), /Bold and a link/, theme);
    await reads(outputs(4).nth(1), /name[\s\S]*value/, theme);
    await reads(outputs(5).first(), /to stdout/, theme);
    await reads(outputs(5).last(), /\[ 1, 2, 3 \]/, theme);
    await reads(outputs(6), /RangeError: shown, not thrown/, theme);
    await assertLive(outputs(7), `the chart, ${theme}`);
    await reads(outputs(7).locator(".gtitle"), /Loss/, theme);
    await pictures(page, theme);
  }
  assert.deepEqual(faint, []);
  assert.deepEqual(problems, []);
  await page.close();
});

test("50,000 lines printed in a loop arrive, and the page goes on answering meanwhile", {
  timeout: 120_000,
}, async () => {
  const code = "for (let i = 0; i < 50_000; i++) console.log('line ' + i)";
  writeFileSync(join(session.lab.folder, "lines.ipynb"), notebookOf([code, `"the end"`]));
  const { page } = await openNotebook(session.browser, session.lab.addressOf("lines.ipynb"));
  // What a user feels as frozen: the longest time in which the page drew nothing.
  await page.evaluate(`(() => {
    window.longest = 0;
    let last = performance.now();
    const look = (now) => {
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })()`);
  await runCells(page);
  const cells = page.locator(".jp-Notebook .jp-Cell");
  await cells.nth(1).locator(".jp-OutputArea-output", { hasText: "the end" }).waitFor();
  const text = (await cells.nth(0).locator(".jp-OutputArea-output").allTextContents()).join("");
  assert.equal(text, Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`).join(""));
  const longest = (await page.evaluate("window.longest")) as number;
  assert.ok(longest < 2_000, `${longest} ms without a frame`);
  await page.close();
});

async function reads(output: Locator, text: RegExp, theme: string): Promise<void> {
  // JupyterLab parses Markdown after the cell has ended: its output is there before its text is.
  await output
    .filter({ hasText: text })
    .waitFor({ timeout: 20_000 })
    .catch(() => {});
  await output.scrollIntoViewIfNeeded();
  assert.match((await output.textContent())!, text);
  const { contrast, of } = await output.evaluate(lowestContrast);
  if (contrast < legible) faint.push(`${theme}: contrast ${contrast.toFixed(2)} of ${JSON.stringify(of)}`);
}

async function pictures(page: Page, theme: string): Promise<void> {
  const folder = process.env.LOGITPRESS_PICTURES;
  if (!folder) return;
  const cells = await page.locator(".jp-Notebook .jp-Cell").all();
  for (const [k, cell] of cells.entries()) await cell.screenshot({ path: join(folder, `${theme}-${k}.png`) });
}
