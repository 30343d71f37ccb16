import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { confusionChart } from "../../src/chart/confusion";
import { lossChart } from "../../src/chart/loss";
import { weightsChart } from "../../src/chart/weights";
import { compare } from "../../src/evaluate/compare";
import { evaluate } from "../../src/evaluate/evaluate";
import { report } from "../../src/notebook/report/report";
import { modelOf, normals, randomData } from "../evaluate/models";
import { launchChromium } from "./chromium";

const hostile = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">`;

test("a report opens offline: charts live, hostile strings inert, the same bytes again", async () => {
  const classes = ["ham", hostile];
  const model = modelOf(classes, "binary", normals(5, 1), [0]);
  const data = randomData(classes, 200, 2);
  const compared = compare({ float: model, [hostile]: model }, data, { latencyRows: 0 });
  const evaluation = evaluate(model, data, { latencyRows: 0 });
  const page = report({
    title: `Report ${hostile}`,
    summary: hostile,
    sections: [
      { title: hostile, content: [hostile, lossChart(model.fit), weightsChart(model)] },
      { title: "Results", content: [compared, confusionChart(evaluation), evaluation, data] },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), "logitpress-report-"));
  const path = await page.save(join(folder, "deep", "report.html"));
  const first = await readFile(path);
  await page.save(path);
  assert.ok(first.equals(await readFile(path)));
  assert.deepEqual(await readdir(join(folder, "deep")), ["report.html"]);
  const browser = await launchChromium();
  try {
    const context = await browser.newContext({ offline: true, viewport: { width: 390, height: 800 } });
    const opened = await context.newPage();
    const faults: string[] = [];
    opened.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    opened.on("pageerror", (error) => faults.push(error.message));
    opened.on("request", (sent) => /^https?:/.test(sent.url()) && faults.push(sent.url()));
    await opened.goto(pathToFileURL(path).href);
    await opened.waitForFunction("document.querySelectorAll('.js-plotly-plot .main-svg .xtick').length > 0");
    const charts = await opened.locator(".chart").count();
    assert.equal(charts, 8);
    assert.equal(await opened.locator(".chart.js-plotly-plot:has(.main-svg)").count(), charts);
    assert.equal(await opened.locator(".chart.js-plotly-plot:has(.nsewdrag)").count(), charts);
    assert.equal(await opened.evaluate("window.hacked"), undefined);
    assert.equal(await opened.locator("img[src=x]").count(), 0);
    assert.equal(await opened.locator("h1").textContent(), `Report ${hostile}`);
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert.equal(await opened.evaluate(overflow), 0);
    const point = opened.locator(".chart").first().locator(".points path").first();
    await point.scrollIntoViewIfNeeded();
    const box = await point.boundingBox();
    await opened.mouse.move(box!.x + box!.width / 2, box!.y + box!.height / 2, { steps: 3 });
    await opened.waitForSelector(".hoverlayer .hovertext");
    const heights =
      "[...document.querySelectorAll('.chart .main-svg:first-child')].map((s) => s.clientHeight)";
    const before = await opened.evaluate<number[]>(heights);
    assert.ok(before.every((height) => height > 200));
    await opened.setViewportSize({ width: 700, height: 500 });
    const wide =
      "[...document.querySelectorAll('.chart .main-svg:first-child')].every((s) => s.clientWidth > 400)";
    // The page forbids the eval by which a browser is asked again and again.
    for (let tries = 0; !(await opened.evaluate<boolean>(wide)); tries++) {
      assert.ok(tries < 100, "charts take the new width");
      await opened.waitForTimeout(50);
    }
    assert.deepEqual(await opened.evaluate<number[]>(heights), before);
    await opened.emulateMedia({ media: "print" });
    assert.equal(await opened.locator(".chart:visible").count(), 0);
    const stills = opened.locator(".still img");
    assert.equal(await stills.count(), charts);
    for (const still of await stills.all()) assert.ok(((await still.boundingBox())?.height ?? 0) > 150);
    const cut =
      "[...document.querySelectorAll('.logitpress-table')].map((t) => t.scrollWidth - t.clientWidth)";
    await opened.setViewportSize({ width: 680, height: 900 });
    for (const left of await opened.evaluate<number[]>(cut)) assert.ok(left <= 1, `${left} px are cut off`);
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
});
