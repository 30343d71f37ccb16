import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJavaScript } from "../../src/export/javascript/to-javascript";
import type { Label } from "../../src/matrix/dataset";
import { partsOf, rowOf, same } from "./agreement";
import type { Case } from "./cases";

export function javaScript(c: Case, folder: string): void {
  const exported = toJavaScript(c.model, partsOf(c).options);
  const [, { content }] = exported.files;
  assert.ok((exported.facts.codeBytes as number) < 3000, `${exported.facts.codeBytes} bytes of code`);
  const file = join(folder, `model-${Math.random()}.cjs`);
  writeFileSync(file, content);
  const predict = require(file) as Predict;
  predict.selfTest();
  const numbers = new Map(c.model.classes.map((label, k) => [label, k]));
  const said = Array.from({ length: c.features.rows }, (_, i) => predict(rowOf(c, i)));
  same(
    c,
    {
      labels: said.map(({ label }) => numbers.get(label)!),
      probabilities: said.flatMap(({ probabilities }) => probabilities),
    },
    1e-6,
  );
  if (process.env.LOGITPRESS_SHOW) console.log(JSON.stringify(exported.facts), content.length);
}

interface Predict {
  (row: unknown): { label: Label; probabilities: number[] };
  selfTest(): void;
}
