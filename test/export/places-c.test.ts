import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Random } from "../../src/base/random";
import { integerModel } from "../../src/export/c/integer-model";
import { toC } from "../../src/export/c/to-c";
import { planExport } from "../../src/export/options";
import { portable } from "../../src/export/portable";
import { SparseMatrix } from "../../src/matrix/sparse";
import type { LinearModel } from "../../src/model/linear";
import { modelOf } from "../evaluate/models";
import { compilers, compilesClean } from "./c-program";

const folder = mkdtempSync(join(tmpdir(), "logitpress-places-"));
after(() => rmSync(folder, { recursive: true }));

const random = new Random(7);
const some = (count: number, below: number): number[] =>
  Array.from({ length: count }, () => random.integer(below));

/** By name: features, outputs, and the places of the weights that are not zero. */
const shapes: Record<string, readonly [number, number, readonly number[]]> = {
  "a list, since they are few": [262_144, 1, some(40, 262_144)],
  "800 of 262,144": [262_144, 1, some(800, 262_144)],
  "the first and the last feature": [5001, 1, [0, 5000, ...some(100, 5001)]],
  "all within one bucket": [262_144, 1, Array.from({ length: 200 }, (_, i) => 70_000 + i)],
  "more than starts of 16 bits count": [300_000, 1, some(80_000, 300_000)],
  "some outputs of a feature": [30_000, 3, [0, 89_999, ...some(300, 90_000)]],
  "ten outputs of each of 300 features": [
    20_000,
    10,
    some(300, 20_000).flatMap((j) => Array.from({ length: 10 }, (_, k) => 10 * j + k)),
  ],
};

function sparseModel([features, outputs, places]: (typeof shapes)[string], levels: boolean): LinearModel {
  const weights = new Float64Array(features * outputs);
  for (const at of places) {
    const w = levels ? random.integer(3) + 1 : Math.fround(random.uniform() - 0.5);
    weights[at] = w === 0 ? 1 : w;
  }
  const classes = outputs === 1 ? ["no", "yes"] : Array.from({ length: outputs }, (_, k) => `c${k}`);
  const link = outputs === 1 ? "binary" : "softmax";
  const intercepts = Array.from({ length: outputs }, (_, k) => k / 8 - 0.25);
  return modelOf(classes, link, Array.from(weights), intercepts);
}

/** Margins of one feature a row, from the first to three beyond the last and the largest number; status first. */
function marginsOf(header: string, number: string, margin: string, value: string): Float64Array {
  writeFileSync(join(folder, "model.h"), header);
  for (const compiler of compilers) compilesClean(folder, "model.h", compiler);
  const tables = [...header.matchAll(/^static const (?:u?int\d+_t|float|model_real) (model_\w+)\[\]/gm)];
  writeFileSync(
    join(folder, "main.c"),
    `#include <stdio.h>
#include "model.h"
#define BYTES (${tables.map(([, name]) => `sizeof ${name}`).join(" + ")})
static void say(uint32_t index) {
  ${number} value = ${value}; ${margin} margins[MODEL_OUTPUTS] = {0}; model_row row; double x; int k;
  row.indices = &index; row.values = index % 2 ? &value : NULL; row.count = 1;
  x = model_margins(&row, margins);
  fwrite(&x, 8, 1, stdout);
  for (k = 0; k < MODEL_OUTPUTS; k++) { x = (double)margins[k]; fwrite(&x, 8, 1, stdout); }
}
int main(int count, char **names) {
  uint32_t i, end = 0; double bytes = (double)BYTES;
  if (count != 2 || sscanf(names[1], "%u", &end) != 1 || model_self_test() != 0) return 3;
  fwrite(&bytes, 8, 1, stdout);
  for (i = 0; i < end + 3; i++) say(i);
  say(UINT32_MAX);
  return 0;
}
`,
  );
  const sanitized = ["-fsanitize=undefined", "-fno-sanitize-recover=all"];
  const flags = ["-std=c99", "-O1", "-ffp-contract=off", ...sanitized, "main.c", "-o", "main", "-lm"];
  const { status, stderr } = spawnSync(compilers[0], flags, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr.slice(0, 3000));
  const end = /A row of (\d+) features/.exec(header)![1];
  const run = spawnSync(join(folder, "main"), [end], { maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, String(run.stderr));
  return new Float64Array(Uint8Array.from(run.stdout).buffer);
}

/** Asserts that each feature's weights are found, and those alone, and that tables are as large as said. */
function check(
  said: Float64Array,
  dataBytes: unknown,
  expected: { intercepts: ArrayLike<number>; outputs: number; features: number },
  added: (feature: number, output: number) => number,
): void {
  const { intercepts, outputs, features } = expected;
  assert.equal(said[0], dataBytes);
  const wide = 1 + outputs;
  assert.equal(said.length, 1 + (features + 4) * wide);
  for (let j = 0; j < features + 4; j++) {
    const at = 1 + j * wide;
    if (said[at] !== (j < features ? 0 : -3)) assert.fail(`status of feature ${j}: ${said[at]}`);
    if (j >= features) continue;
    for (let k = 0; k < outputs; k++) {
      const right = intercepts[k] + added(j, k);
      if (said[at + 1 + k] !== right)
        assert.fail(`feature ${j}, output ${k}: ${said[at + 1 + k]}, not ${right}`);
    }
  }
}

for (const [name, shape] of Object.entries(shapes)) {
  test(`a sparse model in C finds its weights, and no others, in no more bytes than a list takes: ${name}`, () => {
    const [features, outputs, places] = shape;
    const count = new Set(places).size;
    for (const levels of count > 65_536 ? [false] : [false, true]) {
      const model = sparseModel(shape, levels);
      const { text, facts } = toC(model);
      const listed = (features * outputs > 65_536 ? 4 : 2) * count;
      const stored = levels ? Math.ceil(count / 4) + 12 : 4 * count;
      const bytes = facts.dataBytes as number;
      assert.ok(bytes <= 8 * outputs + stored + listed, `${bytes} bytes`);
      const dense = levels ? Math.ceil((features * outputs) / 4) + 16 : 4 * features * outputs;
      const inPlace = bytes === 8 * outputs + dense;
      assert.equal(text.includes("model_features_starts"), count >= 64 && !inPlace, "how places are stored");
      const said = marginsOf(text, "model_real", "model_real", "1.5");
      const { weights, intercepts } = model;
      check(said, bytes, { intercepts, outputs, features }, (j, k) => {
        return (j % 2 === 1 ? 1.5 : 1) * weights[j * outputs + k];
      });
    }
  });
}

test("so does one in fixed point", () => {
  const shape = shapes["some outputs of a feature"];
  const [features, outputs] = shape;
  const model = sparseModel(shape, false);
  const all = Uint32Array.from({ length: features }, (_, j) => j);
  const examples = new SparseMatrix(1, features, Uint32Array.of(0, features), all, null);
  const { text, facts } = toC(model, { arithmetic: "integer", examples });
  assert.match(text, /model_features_starts/);
  const said = marginsOf(text, "int8_t", "int32_t", "-5");
  const p = portable(model, { ...planExport({}, "test"), integers: true });
  const { intercepts, numbers } = integerModel(p, 4, examples);
  const at = new Map(Array.from(p.matrix!.columns, (j, i) => [j, i]));
  check(said, facts.dataBytes, { intercepts, outputs, features }, (j, k) => {
    const i = at.get(j);
    return i === undefined ? 0 : (j % 2 === 1 ? -5 : 127) * numbers[i * outputs + k];
  });
});
