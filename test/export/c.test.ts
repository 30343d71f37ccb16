import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { toC } from "../../src/export/c/to-c";
import { planExport } from "../../src/export/options";
import { portable } from "../../src/export/portable";
import { answers, compilers, compilesClean, program } from "./c-program";
import { type Case, cancerCases, digitsCases, mailCases } from "./cases";

const folder = mkdtempSync(join(tmpdir(), "logitpress-c-"));
after(() => rmSync(folder, { recursive: true }));

function check(c: Case, flags: readonly string[], tolerance: number): void {
  const options = c.encoder === undefined ? {} : { encoder: c.encoder };
  const exported = toC(c.model, options);
  writeFileSync(join(folder, "model.h"), exported.text);
  for (const compiler of compilers) compilesClean(folder, "model.h", compiler, flags);
  const p = portable(c.model, planExport(options, "test"));
  const found = answers(program(folder, p, false, flags), c, p);
  const { values } = c.model.predictProba(c.features);
  const margins = c.model.margins(c.features);
  const labels = c.model.predictClass(c.features);
  const classes = c.model.classes.length;
  let worst = 0;
  found.forEach(({ label, probabilities }, i) => {
    for (let k = 0; k < classes; k++) {
      worst = Math.max(worst, Math.abs(probabilities[k] - values[i * classes + k]));
    }
    if (label !== labels[i])
      assert.fail(`${c.name}: label of row ${i}: ${label}, ${labels[i]}; margin ${margins.values[i]}`);
  });
  console.log(
    c.name,
    c.features.rows,
    "rows, worst",
    worst,
    JSON.stringify(exported.facts),
    exported.text.length,
  );
  assert.ok(worst <= tolerance, `${c.name}: ${worst}`);
}

for (const [name, cases] of Object.entries({ cancerCases, digitsCases, mailCases })) {
  test(`${name}: C in floating point says what the model says`, async () => {
    for (const c of await cases()) check(c, [], 1e-6);
  });
}
