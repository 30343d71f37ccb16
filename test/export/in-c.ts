import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { integerModel, quantizeInput } from "../../src/export/c/integer-model";
import { toC } from "../../src/export/c/to-c";
import { planExport } from "../../src/export/options";
import { portable } from "../../src/export/portable";
import { partsOf, same } from "./agreement";
import { answers, compilers, compilesClean, program } from "./c-program";
import type { Case } from "./cases";
import { roundedFeatures } from "./rounded-features";

/** Whether C can hold the case; where it can't, it must say why. */
function holdsTexts(c: Case): boolean {
  const options = c.encoder === undefined ? {} : { encoder: c.encoder };
  const state = c.encoder?.state();
  if (!state?.text.some(({ unit, vocabulary }) => unit !== undefined || vocabulary !== undefined))
    return true;
  assert.throws(() => toC(c.model, options), {
    code: "unsupported-model",
    message: /encoder to export: "stop words of text"/,
  });
  return false;
}

export function floatC(c: Case, folder: string): void {
  if (!holdsTexts(c)) return;
  const { p, options } = partsOf(c);
  writeFileSync(join(folder, "model.h"), toC(c.model, options).text);
  for (const compiler of compilers) compilesClean(folder, "model.h", compiler);
  const found = answers(program(folder, p, false), c, p);
  same(
    c,
    {
      labels: found.map(({ label }) => label),
      probabilities: found.flatMap((a) => Array.from(a.probabilities)),
    },
    1e-6,
  );
}

export function integerC(c: Case, folder: string): void {
  if (!holdsTexts(c)) return;
  const options = c.encoder === undefined ? {} : { encoder: c.encoder };
  const p = portable(c.model, { ...planExport(options, "test"), integers: true });
  const given = p.matrix === null ? options : { examples: c.features };
  const exported = toC(c.model, { ...given, arithmetic: "integer" });
  writeFileSync(join(folder, "model.h"), exported.text);
  assert.doesNotMatch(exported.text, /\b(?:float|double)\b|math\.h/);
  for (const compiler of compilers) compilesClean(folder, "model.h", compiler);
  const m = integerModel(p, 4, p.matrix === null ? undefined : c.features);
  const at = new Map(Array.from(p.matrix?.columns ?? [], (j, i) => [j, i]));
  const quantized = (x: number, column: number): number => {
    const input = m.inputs[p.matrix === null ? column : (at.get(column) ?? -1)];
    return input === undefined ? 0 : quantizeInput(x, input);
  };
  const found = answers(program(folder, p, true), c, p, quantized);
  const rounded = roundedFeatures(c, p, m.inputs, quantized);
  const { values } = c.model.predictProba(rounded);
  const margins = c.model.margins(rounded).values;
  const bound = exported.facts.probabilityBound as number;
  let worst = 0;
  let close = 0;
  found.forEach(({ label, probabilities }, i) => {
    for (let k = 0; k < p.classes.length; k++) {
      worst = Math.max(worst, Math.abs(probabilities[k] - values[i * p.classes.length + k]));
    }
    const own = margins.subarray(i * p.outputs, (i + 1) * p.outputs);
    const sorted = [...own].sort((a, b) => b - a);
    const gap = p.outputs === 1 ? Math.abs(own[0]) : sorted[0] - sorted[1];
    if (gap <= 2 * m.marginBound) {
      close++;
      return;
    }
    const best = p.outputs === 1 ? Number(own[0] > 0) : own.indexOf(sorted[0]);
    assert.equal(label, best, `${c.name}: label of row ${i}`);
  });
  assert.ok(worst <= bound, `${c.name}: ${worst}, bound ${bound}`);
  assert.ok(close < found.length / 20, `${c.name}: ${close} rows within the bound of a tie`);
  if (process.env.LOGITPRESS_SHOW)
    console.log(c.name, "integer", worst, JSON.stringify(exported.facts), close);
}
