import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { classBalanceChart } from "../../src/chart/class-balance";
import { frameReportChart } from "../../src/chart/frame-report";
import { breastCancer } from "../../src/frame/breast-cancer";
import { duplicateRows } from "../../src/frame/inspect/duplicate-rows";
import { inspectFrame } from "../../src/frame/inspect/inspect-frame";
import type { FrameReport } from "../../src/frame/inspect/report";

const rows = 400;
const random = new Random(3);
const labels = Array.from({ length: rows }, () => (random.uniform() < 0.3 ? "yes" : "no"));
const noise = labels.map(() => random.normal());
const table = {
  id: labels.map((_, i) => `P${i}`),
  number: labels.map((_, i) => 1000 + i),
  noise,
  again: [...noise],
  same: labels.map(() => "x"),
  some: labels.map((_, i) => (i % 4 === 0 ? null : i % 3)),
  nothing: labels.map(() => null),
  outcome: labels.map((label) => (label === "yes" ? "paid" : "open")),
  amount: labels.map((label, i) => (label === "yes" ? 100 + i : i / rows)),
  zip: labels.map((_, i) => (i % 50 === 0 ? "n/k" : `${10 + (i % 30)}`)),
  odd: labels.map((_, i) => (i === 7 ? "seven" : i % 9)),
  note: labels.map((_, i) => `a text of several words, number ${i}, which never comes again`),
  city: labels.map((_, i) => ["Rome", "Oslo", "Bonn"][i % 3]),
  hint: labels.map((label) => (random.uniform() < 0.8 ? label : "no")),
  label: labels,
};

function codes(report: FrameReport, name: string): string[] {
  return report.columns.find((column) => column.name === name)!.findings.map(({ code }) => code);
}

test("each column's trouble is found and named, and sound columns have none", () => {
  const report = inspectFrame(table, { label: "label" });
  assert.deepEqual(Object.fromEntries(report.columns.map(({ name }) => [name, codes(report, name)])), {
    id: ["identifier"],
    number: ["identifier"],
    noise: [],
    again: ["duplicate"],
    same: ["constant"],
    some: ["missing"],
    nothing: ["missing"],
    outcome: ["leaking"],
    amount: ["leaking", "separating"],
    zip: ["text-numbers"],
    odd: ["mixed"],
    note: [],
    city: [],
    hint: ["separating"],
    label: [],
  });
  assert.match(report.findings.find(({ column }) => column === "again")!.message, /"noise"/);
  assert.match(report.findings.find(({ column }) => column === "zip")!.message, /"n\/k"/);
  assert.match(report.findings.find(({ column }) => column === "odd")!.message, /"seven"/);
});

test("what a column tells alone is judged on rows held out", () => {
  const report = inspectFrame(table, { label: "label" });
  const skill = (name: string): number => report.columns.find((column) => column.name === name)!.skill!;
  assert.equal(skill("id"), 0);
  assert.ok(skill("outcome") > 0.98);
  assert.ok(skill("noise") < 0.1, String(skill("noise")));
  assert.ok(skill("hint") > 0.4 && skill("hint") < 0.95, String(skill("hint")));
  assert.equal(report.columns.find(({ name }) => name === "label")!.skill, null);
  assert.deepEqual(inspectFrame(table, { label: "label" }), report);
});

test("classes, rows that come twice, and tables without a label", () => {
  const report = inspectFrame(
    { a: [1, 2, 1, 1], b: ["x", "y", "x", null], y: [true, false, true, true] },
    { label: "y" },
  );
  assert.deepEqual(report.classes, [
    { label: true, rows: 3, share: 0.75 },
    { label: false, rows: 1, share: 0.25 },
  ]);
  assert.equal(report.duplicateRows, 1);
  const bare = inspectFrame({ a: [1, 2] });
  assert.deepEqual([bare.label, bare.classes, bare.columns[0].skill], [null, [], null]);
});

test("rows that come twice are counted exactly, whatever the values are", () => {
  const values = [
    ...[
      0,
      -0,
      1,
      1.5,
      Number.POSITIVE_INFINITY,
      2 ** 53,
      "",
      "0",
      "1",
      "1.5",
      "ab",
      "ba",
      "\u0000",
      "true",
      "null",
    ],
    ...[
      true,
      false,
      1n,
      2n ** 70n,
      "1n",
      new Date(0),
      new Date(1),
      new Date(1),
      [1, "a"],
      [1, "a"],
      { a: 1n },
    ],
    ...[null, undefined, Number.NaN],
  ];
  const kinds = new Map<unknown, string>(
    values.map((value) => {
      if (value === null || value === undefined || Number.isNaN(value)) return [value, "missing"];
      if (value instanceof Date) return [value, `date ${value.getTime()}`];
      const own =
        typeof value === "object"
          ? JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}` : v))
          : value;
      return [value, `${typeof value} ${own}`];
    }),
  );
  const draw = new Random(9);
  for (const width of [1, 2, 3]) {
    const count = 3000;
    const columns = Array.from({ length: width }, () =>
      Array.from({ length: count }, () => values[Math.floor(values.length * draw.uniform())]),
    );
    const seen = new Set(
      Array.from({ length: count }, (_, i) => JSON.stringify(columns.map((column) => kinds.get(column[i])))),
    );
    assert.equal(duplicateRows(columns, count), count - seen.size);
  }
  const long = "x".repeat(50_000);
  assert.equal(duplicateRows([[`${long}a`, `${long}b`, `${long}a`]], 3), 1);
  assert.equal(duplicateRows([new Float64Array(500)], 500), 499);
});

test("a stop is heard while rows that come twice are counted", () => {
  const stop = new AbortController();
  const many = { a: Float64Array.from({ length: 400_000 }, (_, i) => i % 1000) };
  const heard: number[] = [];
  const onProgress = ({ done, total = 1 }: { done: number; total?: number }): void => {
    heard.push(done / total);
    if (done / total >= 2 / 3) stop.abort();
  };
  assert.equal(inspectFrame(many, { onProgress }).duplicateRows, 399_000);
  assert.equal(heard.at(-1), 1);
  assert.throws(
    () =>
      duplicateRows([many.a], many.a.length, (share) => {
        if (share > 0.95) throw new Error(`${share}`);
      }),
    /^Error: 0\.9[5-9]/,
  );
  assert.throws(() => inspectFrame(many, { signal: stop.signal }), { code: "cancelled" });
});

test("real measurements leak nothing", async () => {
  const report = inspectFrame(await breastCancer(), { label: "diagnosis" });
  assert.deepEqual(report.findings, []);
  const best = [...report.columns].sort((a, b) => (b.skill ?? 0) - (a.skill ?? 0))[0];
  assert.match(best.name, /worst (perimeter|area|radius|concave points)/);
  assert.ok(best.skill! > 0.6 && best.skill! < 0.9);
});

test("bad input is refused, and a stop is heard", () => {
  const refused = (code: string, run: () => unknown): void => {
    assert.throws(run, (error) => error instanceof LogitpressError && error.code === code);
  };
  refused("empty-data", () => inspectFrame({ a: [] }));
  refused("missing-column", () => inspectFrame(table, { label: "none" as string }));
  refused("invalid-label", () => inspectFrame({ a: [1, 2], y: ["a", null] }, { label: "y" }));
  refused("unknown-option", () => inspectFrame(table, { target: "label" } as never));
  const stop = new AbortController();
  stop.abort();
  refused("cancelled", () => inspectFrame(table, { signal: stop.signal }));
});

test("the balance of the classes is drawn, the most frequent first", () => {
  const report = inspectFrame({ a: [1, 2, 3, 4], y: ["x", "y", "x", "x"] }, { label: "y" });
  const { data, summary } = classBalanceChart(report);
  assert.deepEqual(
    [data[0].y, data[0].x],
    [
      ["x", "y"],
      [0.75, 0.25],
    ],
  );
  assert.match(summary, /x 75.*y 25/);
});

test("the chart of a wide table has the columns with a bar alone, the strongest first, and says of how many", () => {
  const wide = Object.fromEntries(Array.from({ length: 90 }, (_, j) => [`same ${j}`, labels.map(() => j)]));
  const report = inspectFrame({ ...wide, ...table, label: labels }, { label: "label" });
  const { data, layout } = frameReportChart(report);
  const shown = data[0].y as string[];
  assert.ok(shown.includes("some") && shown.includes("amount"));
  assert.ok(shown.every((name) => !name.startsWith("same")));
  assert.match(
    JSON.stringify(layout.title),
    new RegExp(`${shown.length} of ${report.columns.length - 1} columns: those that tell the most`),
  );
  const whole = frameReportChart(inspectFrame(wide));
  assert.equal((whole.data[0].y as string[]).length, 40);
  assert.match(JSON.stringify(whole.layout.title), /40 of 90 columns: those that miss the most/);
});
