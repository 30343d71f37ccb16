import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { planExport } from "../../src/export/options";
import { type Portable, portable } from "../../src/export/portable";
import { python, root } from "../python";
import type { Case } from "./cases";

/** Labels and probabilities of all rows, as an export gives them. */
export interface Said {
  readonly labels: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
}

export function partsOf(c: Case): { p: Portable; options: { encoder?: NonNullable<Case["encoder"]> } } {
  const options = c.encoder === undefined ? {} : { encoder: c.encoder };
  return { p: portable(c.model, planExport(options, "test")), options };
}

/** Asserts that an export says of every row what the model says. @returns the largest difference */
export function same(c: Case, { labels, probabilities }: Said, tolerance: number): void {
  const ours = c.model.predictProba(c.features).values;
  const own = c.model.predictClass(c.features);
  assert.equal(probabilities.length, ours.length);
  let worst = 0;
  ours.forEach((x, i) => {
    worst = Math.max(worst, Math.abs(x - probabilities[i]));
    assert.ok(!Number.isNaN(probabilities[i]), `${c.name}: NaN at ${i}`);
  });
  assert.ok(worst <= tolerance, `${c.name}: probabilities differ by ${worst}`);
  own.forEach((label, i) => {
    assert.equal(labels[i], label, `${c.name}: label of row ${i}`);
  });
  if (process.env.LOGITPRESS_SHOW)
    console.log(`${c.name}: ${c.features.rows} rows, worst ${worst.toExponential(2)}`);
}

/** A case of some of its rows: texts with so many words that they would fill the memory of a padded tensor are left out. */
export function withoutLongTexts(c: Case): Case {
  const m = c.features;
  if (m.kind === "dense" || c.features.columns < 4096) return c;
  const rows = Array.from({ length: m.rows }, (_, i) => i)
    .filter((i) => m.pointers[i + 1] - m.pointers[i] < 1000)
    .slice(-1500);
  const frame = Object.fromEntries(
    Object.entries(c.frame!).map(([name, column]) => [name, rows.map((i) => column[i])]),
  );
  return { ...c, frame, features: m.take(rows) };
}

export function rowOf(c: Case, i: number): unknown {
  if (c.frame !== undefined) {
    return Object.fromEntries(Object.entries(c.frame).map(([name, column]) => [name, column[i]]));
  }
  const m = c.features;
  assert.ok(m.kind === "dense");
  return m.values.subarray(i * m.columns, (i + 1) * m.columns);
}

/** Gives a program of Python a value as JSON, and what it answers. */
export function ask(script: string, value: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(python, [join(root, "test", "export", script)], {
    input: JSON.stringify(value),
    encoding: "utf8",
    maxBuffer: 1 << 29,
  });
  assert.equal(status, 0, stderr.slice(-3000));
  return JSON.parse(stdout);
}
