import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { evaluate } from "../../src/evaluate/evaluate";
import { dataCard } from "../../src/notebook/report/data-card";
import { liveFront } from "../../src/notebook/report/live-front";
import { modelCard } from "../../src/notebook/report/model-card";
import { report } from "../../src/notebook/report/report";
import { hostile, type Made, madeFront, probabilitiesOf } from "../notebook/report/made";
import { launchChromium } from "./chromium";
import { lowestContrast } from "./contrast";

let made: Made;
let browser: Browser;
let folder: string;
let path: string;
let cardsPath: string;
const faults: string[] = [];

before(async () => {
  made = await madeFront();
  const { compression, encoder, model, frame, test: data } = made;
  folder = await mkdtemp(join(tmpdir(), "logitpress-live-"));
  const page = report({
    title: `Live ${hostile}`,
    sections: [
      {
        title: "Text",
        content: [liveFront(compression, { data, encoder, examples: { ...frame }, baseline: model })],
      },
      { title: "Features", content: [liveFront(compression, { data })] },
    ],
  });
  path = await page.save(join(folder, "report.html"));
  const cards = report({
    title: "Cards",
    sections: [
      {
        title: "Cards",
        content: [
          dataCard({ name: "letters", source: hostile, data }),
          modelCard({ model, purpose: hostile, data, subgroups: { origin: frame.origin }, limits: hostile }),
        ],
      },
    ],
  });
  cardsPath = await cards.save(join(folder, "cards.html"));
  browser = await launchChromium();
});

after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function opened(options: BrowserContextOptions = {}, file = path): Promise<Page> {
  const context = await browser.newContext({
    offline: true,
    viewport: { width: 1200, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (sent) => /^https?:/.test(sent.url()) && faults.push(sent.url()));
  await page.goto(pathToFileURL(file).href, { timeout: 120_000 });
  return page;
}

function front(page: Page, at = 0) {
  const root = page.locator(`[data-live-front="${at}"]`);
  return { root, part: (name: string) => root.locator(`[data-part="${name}"]`) };
}

test("the slider goes by keyboard from file to file, and shows what each is worth", async () => {
  const page = await opened();
  const { root, part } = front(page);
  const { compression, test: data } = made;
  await part("slider").focus();
  await page.keyboard.press("Home");
  for (const [i, { model, packed, nonzeros }] of compression.front.entries()) {
    if (i > 0) await page.keyboard.press("ArrowRight");
    assert.equal(await part("file").textContent(), Buffer.from(packed).toString("base64"));
    const facts = await part("facts").locator("dd").allTextContents();
    const { accuracy, logLoss, confusion } = evaluate(model, data, { latencyRows: 0 });
    assert.deepEqual(facts, [
      String(packed.length),
      String(nonzeros),
      `${(100 * accuracy).toFixed(2)} %`,
      logLoss.toPrecision(4),
    ]);
    const cells = await part("confusion").locator("td").allTextContents();
    assert.deepEqual(cells.map(Number), [...confusion.counts]);
    const kept = await part("kept").locator("tbody tr").count();
    assert.equal(kept, Math.min(nonzeros, 16));
    assert.match(
      String(await part("slider").getAttribute("aria-valuetext")),
      new RegExp(`^${packed.length} bytes, accuracy`),
    );
    assert.equal(await root.locator("circle.now").count(), 2);
  }
  await root.locator("circle").first().click();
  assert.equal(await part("slider").inputValue(), "0");
  await page.context().close();
});

test("what is typed is scored as the model scores it, emoji and all, with the words that spoke", async () => {
  const page = await opened();
  const { root, part } = front(page);
  const { compression, encoder } = made;
  const texts = [
    "FREE money 😀😀 click offer",
    "Meeting report: don’t patch the café server 修正",
    "",
    `${hostile} straße winner`,
    "cash\nlimited\tguarantee 👩‍👩‍👧",
  ];
  for (const text of texts) {
    await root.getByLabel("text", { exact: true }).fill(text);
    await root.getByLabel("hour").fill("0.5");
    const frame = { text: [text], hour: [0.5], origin: [made.frame.origin[0]] };
    const [expected] = probabilitiesOf(compression.model, encoder, frame);
    for (const [k, p] of expected.entries()) {
      const shown = Number(
        await part("verdict").locator(`[data-probability="${k}"]`).getAttribute("data-exact"),
      );
      assert.ok(Math.abs(shown - p) < 1e-12, `${text}: ${shown} ${p}`);
    }
    const [label] = compression.model.predict(encoder.features(frame));
    assert.equal(await part("verdict").locator("strong").textContent(), String(label));
    const contributions = await part("spoke")
      .locator("tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => (row as HTMLTableRowElement).cells[3].textContent!.replace("−", "-")),
      );
    const numbers = contributions.map(Number);
    const margin = numbers[numbers.length - 1];
    const sum = numbers.slice(0, -1).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(margin - Math.log(expected[1] / expected[0])) < 5e-3 * Math.max(1, Math.abs(margin)));
    assert.ok(Math.abs(sum - margin) < 0.02 * numbers.reduce((all, x) => all + Math.abs(x), 1));
  }
  await root.getByLabel("text", { exact: true }).fill("free money, free offer");
  const spoke = await part("spoke").locator("th[scope=row]").allTextContents();
  assert.ok(
    spoke.some((name) => name.includes("“free”")),
    spoke.join(" | "),
  );
  await root.getByLabel("hour").fill("noon");
  assert.match(
    String(await part("verdict").textContent()),
    /invalid value .*column "hour": "noon"; expected a finite number/,
  );
  await root.getByRole("button", { name: /^example 2/ }).click();
  assert.equal(await root.getByLabel("text", { exact: true }).inputValue(), made.frame.text[1]);
  assert.equal(await part("verdict").locator("strong").count(), 1);
  await page.context().close();
});

test("without an encoder a row of features is scored", async () => {
  const page = await opened();
  const { root, part } = front(page, 1);
  const { compression, test: data } = made;
  await root.getByRole("button", { name: /^row 1,/ }).click();
  const shown = Number(await part("verdict").locator('[data-probability="1"]').getAttribute("data-exact"));
  assert.ok(Math.abs(shown - compression.model.predictProba(data.take([0]).features).values[1]) < 1e-12);
  await page.context().close();
});

test("it fits a phone and a desktop, in light and dark, with texts that stand out and no harm done", async () => {
  for (const width of [390, 1200]) {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await opened({ viewport: { width, height: 800 }, colorScheme });
      await front(page)
        .root.getByLabel("text", { exact: true })
        .fill("free money and a meeting at the server");
      const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      assert.equal(await page.evaluate(overflow), 0, `${width} ${colorScheme}`);
      for (const at of [0, 1]) {
        const { contrast, of } = await front(page, at).root.evaluate(lowestContrast);
        assert.ok(contrast >= 4.5, `${contrast} of "${of}", ${width} ${colorScheme}`);
      }
      const narrow = await page
        .locator("[data-live-front] .scroll th[scope=row]")
        .evaluateAll((cells) => Math.min(...cells.map((cell) => cell.clientWidth)));
      assert.ok(narrow >= 60, `a name in ${narrow} pixels`);
      assert.equal(await page.evaluate("window.hacked"), undefined);
      assert.equal(await page.locator("img[src=x]").count(), 0);
      await page.context().close();
    }
  }
  const cards = await opened({ viewport: { width: 390, height: 800 } }, cardsPath);
  await cards.waitForFunction("document.querySelectorAll('.js-plotly-plot .main-svg .xtick').length > 0");
  assert.equal(
    await cards.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
    0,
  );
  assert.equal(await cards.evaluate("window.hacked"), undefined);
  assert.equal(await cards.locator(".card").count(), 2);
  for (const colorScheme of ["light", "dark"] as const) {
    await cards.emulateMedia({ colorScheme });
    for (const table of await cards.locator(".card .logitpress-table").all()) {
      const { contrast, of } = await table.evaluate(lowestContrast);
      assert.ok(contrast >= 4.5, `${contrast} of "${of}", ${colorScheme}`);
    }
  }
  assert.deepEqual(faults, []);
});

test("every control has a name, and the numbers that change are told", async () => {
  const page = await opened();
  const { root } = front(page);
  const nameless = await root
    .locator("input, select, textarea")
    .evaluateAll((controls) =>
      controls
        .filter((control) => ((control as HTMLInputElement).labels?.length ?? 0) !== 1)
        .map(({ id }) => id),
    );
  assert.deepEqual(nameless, []);
  assert.equal(await root.locator('[aria-live="polite"]').count(), 2);
  assert.match(
    String(await root.locator("svg").first().getAttribute("aria-label")),
    /^Accuracy by size of the file/,
  );
  await page.context().close();
});

test("without scripts the charts and the table of the front are there, and nothing that does not work", async () => {
  const page = await opened({ javaScriptEnabled: false });
  const { root, part } = front(page);
  assert.equal(await root.locator("svg circle").count(), 2 * made.compression.front.length);
  await root.locator("summary").click();
  assert.equal(await root.locator("details tbody tr").count(), made.compression.front.length);
  assert.ok(await root.locator("details table").isVisible());
  assert.equal(await part("slider").isVisible(), false);
  assert.equal(await root.locator("textarea").isVisible(), false);
  await page.context().close();
});

test("in print the numbers and the chart stay, and what only a screen can do goes", async () => {
  const page = await opened();
  await page.emulateMedia({ media: "print" });
  const { root, part } = front(page);
  assert.equal(await part("slider").isVisible(), false);
  assert.equal(await root.locator("textarea").isVisible(), false);
  assert.ok(await part("facts").isVisible());
  assert.ok(await root.locator("svg").first().isVisible());
  assert.ok((await page.pdf({ format: "A4" })).length > 20_000);
  await page.context().close();
});
