import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { Figure, type Trace } from "../../src/chart/figure";
import { largest, usual } from "../chart/figures";
import { root } from "../python";
import { launchChromium } from "./chromium";
import { differences } from "./picture-differences";
import { ofUsers } from "./picture-figures";
import { liveOf } from "./picture-live";
import { stillOf } from "./picture-still";

let browser: Browser;
let page: Page;

before(async () => {
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 800, height: 900 } });
  await page.setContent(`<body><div id="still"></div><div id="live" style="width:760px"></div></body>`);
  await page.addScriptTag({ path: join(root, "node_modules", "plotly.js-dist-min", "plotly.min.js") });
});

after(async () => {
  await browser?.close();
});

for (const [name, figure] of [
  ...Object.entries(usual),
  ...Object.entries(ofUsers),
  ...Object.entries(largest()).map(([key, value]) => [`the largest ${key}`, value] as const),
]) {
  test(`${name}: the still picture agrees with plotly`, async () => {
    assert.deepEqual(differences(await stillOf(page, figure), await liveOf(page, figure)), []);
  });
}

test("a changed datum, name, title or colour is noticed", async () => {
  const [ledger, confusion, roc] = [usual.ledger, usual.confusion, usual.roc];
  const changed = (figure: Figure, trace: Partial<Trace>) =>
    new Figure({ ...figure, data: figure.data.map((t) => ({ ...t, ...trace })) });
  const cases: [Figure, Figure][] = [
    [ledger, changed(ledger, { x: [10, 45, 812] })],
    [ledger, changed(ledger, { marker: { color: "#d55e00" } })],
    [
      confusion,
      changed(confusion, {
        z: [
          [0.5, 0.49],
          [0.2, 0.55],
        ],
      }),
    ],
    [roc, changed(roc, { name: "other" })],
    [roc, changed(roc, { y: [0.1, 1] })],
    [ledger, new Figure({ ...ledger, layout: { ...ledger.layout, title: { text: "Other" } } })],
  ];
  for (const [still, live] of cases) {
    assert.notDeepEqual(differences(await stillOf(page, still), await liveOf(page, live)), []);
  }
});
