// What was measured, as a table in Markdown, as JSON, and as a chart.
import { writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { join } from "node:path";
import { cases, own, targets } from "./cases.mjs";
import { chartOf } from "./chart.mjs";
import { kept, libraryOf } from "./data.mjs";
import { disturbed, fastest } from "./search.mjs";
import { gapOf, ownTimes, peerTimes, references } from "./store.mjs";

/** For each gap: our times, the peers that reach it from the fastest, those that don't, and the ratio to the best. */
export function resultOf(one) {
  const ours = ownTimes.values[one.name];
  const peers = Object.entries(peerTimes.values).flatMap(([key, stored]) => {
    const [name, peer, threads] = key.split("|");
    return name === one.name
      ? [{ peer: `${peer}${threads === "1" ? "" : `, ${threads} threads`}`, stored }]
      : [];
  });
  return targets.map((target) => {
    const reached = peers.flatMap(({ peer, stored }) => {
      const point = fastest(one, stored, target);
      if (point === undefined) return [];
      const { tolerance, objectives, seconds, load } = point;
      const gap = gapOf(`${one.name}|${stored.intercept}`, objectives);
      const { intercept } = stored;
      return [{ peer, intercept, tolerance, gap, runs: seconds.length, load, ...spread(seconds) }];
    });
    reached.sort((a, b) => a.median - b.median);
    const missed = peers
      .filter(({ peer }) => !reached.some((r) => r.peer === peer))
      .map(({ peer, stored }) => ({ peer, why: stored.note ?? "not at its tightest tolerance" }));
    const mine = oursOf(one, ours, target);
    const best = reached[0];
    const free = reached.find(({ intercept }) => intercept === "free");
    return {
      case: one.name,
      target,
      ours: mine,
      peers: reached,
      missed,
      ratio: mine.reached && best ? best.median / mine.median : null,
      ratioOfFree: mine.reached && free ? free.median / mine.median : null,
    };
  });
}

function oursOf(one, ours, target) {
  if (ours === undefined) return { note: "not run" };
  const mine = ours[target];
  if (mine === undefined || mine.seconds.length === 0) return { note: ours.note ?? "not run", why: ours.why };
  const gap = gapOf(`${one.name}|free`, mine.objectives);
  const solver = mine.solver.every(Number.isFinite) ? spread(mine.solver).median : null;
  const { name, iterations } = mine;
  return {
    ...spread(mine.seconds),
    runs: mine.seconds.length,
    cold: ours.cold?.seconds ?? null,
    solver,
    name,
    iterations,
    gap,
    reached: gap <= target,
    threads: ours.threads,
    load: ours.load,
  };
}

function spread(seconds) {
  const sorted = [...seconds].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { least: sorted[0], median, most: sorted.at(-1) };
}

const kinds = { free: "", penalised: " (intercept penalised)", none: " (no intercept)" };

function row(result) {
  const { ours, peers, target } = result;
  const mine =
    ours.note === undefined
      ? `${shown(ours)}${mark(ours)}${ours.reached ? "" : ` **gap ${exponent(ours.gap)}: not reached**`}`
      : ours.note;
  const solver = ours.note === undefined && ours.solver !== null ? duration(ours.solver) : "";
  const cold = ours.cold ? duration(ours.cold) : "";
  const named = (p) => (p === undefined ? "none" : `${p.peer}${kinds[p.intercept]} ${shown(p)}${mark(p)}`);
  const ratio = result.ratio === null ? "" : `${verdict(result.ratio)}`;
  const free = result.ratioOfFree === null ? "" : `${result.ratioOfFree.toPrecision(2)}x`;
  return [result.case, exponent(target), mine, solver, cold, named(peers[0]), named(peers[1]), ratio, free];
}

const head = [
  "case",
  "gap",
  "logitpress",
  "solver alone",
  "cold",
  "best peer",
  "next",
  "ratio to the best",
  "to the best with a free intercept",
];

/** The rows of a case as text. */
export function rowsOf(one) {
  return resultOf(one).map((result) => row(result).join(" | "));
}

/** The table of cases and of measures of our own, in Markdown. */
export function tableOf(cases, measures) {
  const results = cases.flatMap(resultOf);
  const { count, mean, lost, absent } = summaryOf(results);
  return [
    `Time to a relative gap of the objective, on ${machine}. Median of the runs, least to most in brackets; the ratio is the best`,
    "peer's median over ours, below 1 a loss. Cold: the first fit of a process, with compiling and copying. A ~ marks what other work on",
    "the machine disturbed; the next run measures it again.",
    "",
    `| ${head.join(" | ")} |`,
    `|${head.map((_, k) => (k === 0 || k === 5 || k === 6 ? "---" : "---:")).join("|")}|`,
    ...results.map((result) => `| ${row(result).join(" | ")} |`),
    "",
    count === 0
      ? `No ratio; ${absent} not offered, not reached or failed.`
      : `Geometric mean of ${count} ratios: ${mean.toPrecision(3)}; ${count - lost} ahead, ${lost} behind; ${absent} not offered, not reached or failed.`,
    "",
    ...measures.flatMap((one) => ownLines({ ...one, ...ownTimes.values[one.name] })),
  ].join("\n");
}

/** Writes results.md, results.json, chart.svg and chart.json of all that is measured by now; gives their paths. */
export function write() {
  const measured = ({ name }) => ownTimes.values[name] !== undefined;
  const [all, measures] = [cases.filter(measured), own.filter(measured)];
  const results = all.flatMap(resultOf);
  const { mean } = summaryOf(results);
  const files = {
    "results.md": `${tableOf(all, measures)}\n`,
    "results.json": JSON.stringify(
      {
        machine,
        mean,
        results,
        own: measures.map((one) => ({ ...one, ...ownTimes.values[one.name] })),
        references: references.values,
      },
      null,
      1,
    ),
  };
  const figure = chartOf(results, mean, libraryOf());
  if (figure !== undefined) {
    files["chart.svg"] = figure.toSvg();
    files["chart.json"] = JSON.stringify(figure);
  }
  return Object.entries(files).map(([name, text]) => {
    writeFileSync(join(kept, name), text);
    return join(kept, name);
  });
}

const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${platform()} ${arch()}, Node ${process.version}`;

function summaryOf(results) {
  const ratios = results.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  return {
    count: ratios.length,
    mean: Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length),
    lost: ratios.filter((r) => r < 1).length,
    absent: results.filter(({ ours }) => !ours.reached).length,
  };
}

function ownLines({ name, measure, note, times, grew, bytes }) {
  if (note !== undefined) return [`- ${name}: ${note}`];
  if (measure === "threads" && times) {
    const [one, two] = [spread(times[1]), spread(times[2])];
    return [
      `- ${name}: 1 thread ${shown(one)}, 2 threads ${shown(two)}: ${(one.median / two.median).toFixed(2)}x`,
    ];
  }
  if (measure === "memory" && grew) {
    return [
      `- ${name}: the fit's peak is ${megabytes(grew)} above the ${megabytes(bytes)} of the data: ${(grew / bytes).toFixed(2)} times them`,
    ];
  }
  return [];
}

function shown({ least, median, most }) {
  return `${duration(median)} [${duration(least)}-${duration(most)}]`;
}

function mark(measured) {
  return disturbed(measured) ? " ~" : "";
}

function verdict(ratio) {
  return `${ratio.toPrecision(2)}x${ratio < 1 ? " behind" : ""}`;
}

function duration(seconds) {
  return seconds < 1 ? `${(1000 * seconds).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

function exponent(value) {
  return Number.isFinite(value) ? value.toExponential(0) : "?";
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
