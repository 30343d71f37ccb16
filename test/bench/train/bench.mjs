#!/usr/bin/env node
// npm run bench:train: the training table, this library beside its peers. `--help` names the options.
import { mkdirSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { cases, lambdasOf, own, targets } from "./cases.mjs";
import { arraysOf, folderOf, installPeers, kept } from "./data.mjs";
import { largestLambda } from "./objective.mjs";
import { measureOwn } from "./own.mjs";
import { compiling, disturbed, fastest, judged, requestOf, runPeer, searchPeer } from "./search.mjs";
import { Side, tablePath } from "./side.mjs";
import { gapOf, largest, ownTimes, peerTimes, refer, references } from "./store.mjs";
import { rowsOf, tableOf, write } from "./table.mjs";

const help = `npm run bench:train -- [options]
  --cases REGEX   only the cases whose name it matches, e.g. emails-l2 or 'path|threads'
  --peers LIST    only the peers whose names contain one of these parts, comma between
  --quick         fewer repetitions, no large data
  --threads N     of our side; default: the library's own choice
  --only-ours     our side alone, against stored references and times of peers
  --again         measure peers again that are stored
  --race          time stored peers again in turn with our side, at the tolerances that were found for them
  --limit S       seconds that a search over one peer's tolerances may take; default 60
  --repeat N      repetitions of what takes under a second; default 7
`;
const { values: options } = parseArgs({
  options: {
    cases: { type: "string", default: "" },
    peers: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    threads: { type: "string" },
    "only-ours": { type: "boolean", default: false },
    again: { type: "boolean", default: false },
    race: { type: "boolean", default: false },
    limit: { type: "string", default: "60" },
    repeat: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(help);
  process.exit(0);
}
const number = (name, value) => {
  if (value === undefined) return undefined;
  if (Number.isInteger(Number(value)) && Number(value) > 0) return Number(value);
  throw new Error(`invalid ${name}: ${value}; expected a whole number above 0`);
};
const threads = number("threads", options.threads);
const limit = number("limit", options.limit);
const repeat = number("repeat", options.repeat) ?? (options.quick ? 3 : 7);
/** Fits of fewer seconds come each after one of its own that is not counted, on all sides: while others ran, a side went cold. */
const short = 0.1;
const wanted = new RegExp(options.cases);
const chosen = cases.filter(
  (one) => wanted.test(one.name) && !(options.quick && one.large && options.cases === ""),
);
const measures = own.filter(({ name }) => wanted.test(name));
if (chosen.length + measures.length === 0) throw new Error(`no case matches ${options.cases}`);

mkdirSync(kept, { recursive: true });
if (!options["only-ours"]) installPeers();
for (const one of chosen) await measureCase(one);
for (const one of measures) {
  console.error(`\n${one.name}`);
  await measureOwn(one, { repeat, givenOf, threads });
}
console.log(tableOf(chosen, measures));
console.error(`\n${write().join("\n")}`);

async function measureCase(one) {
  console.error(`\n${one.name}`);
  const given = givenOf(one);
  await referee(one, given);
  const peers = options["only-ours"] ? [] : await searchPeers(one, given);
  await race(one, given, peers);
  for (const line of rowsOf(one)) console.error(`  ${line}`);
}

/** The arrays, lambdas and largest lambda of a case. */
function givenOf(one) {
  const data = arraysOf(one.data);
  const key = `${one.data}|${one.link}`;
  if (one.penalty === "l1" && largest.values[key] === undefined)
    largest.set(key, largestLambda(data, one.link));
  const most = largest.values[key] ?? 1;
  return { data, lambdas: lambdasOf(one, data, most), largest: most };
}

/** Our side's objectives at a tight tolerance for every kind of intercept that is wanted and not certified yet. */
async function referee(one, given) {
  const kinds = one.penalty === "l2" ? ["free", "penalised"] : ["free", "penalised", "none"];
  const missing = kinds.filter((kind) => references.values[`${one.name}|${kind}`]?.gaps === undefined);
  const needed = missing.filter(
    (kind) => kind === "free" || (!options["only-ours"] && one.link !== "softmax"),
  );
  if (needed.length === 0) return;
  const side = new Side("ours", one.data);
  for (const intercept of needed) {
    const out = tablePath("ours");
    const asked = { ...requestOf(one, given), tolerance: 1e-8, intercept, out };
    const answer = await side.ask(asked, 20 * limit);
    if (answer.seconds !== undefined) {
      const objectives = judged(one, given, out, intercept);
      const agrees = objectives.every((f, k) => Math.abs(f - answer.objectives[k]) <= 1e-8 * f);
      if (!agrees)
        console.error(`  no certificate: ${answer.objectives[0]} is reported, ${objectives[0]} found`);
      refer(`${one.name}|${intercept}`, objectives, agrees ? answer.gaps : undefined, "logitpress, 1e-8");
    } else console.error(`  no certificate, intercept ${intercept}: ${answer.absent ?? answer.failed}`);
    if (answer.gone) break;
  }
  side.end();
}

async function searchPeers(one, given) {
  const parts = options.peers.split(",");
  let side;
  const open = () => {
    if (side === undefined || side.gone) side = new Side("peers", one.data, folderOf(one.data));
    return side;
  };
  const { peers: listed, failed } = await open().ask({ list: true, ...requestOf(one, given) });
  if (listed === undefined) throw new Error(`the peers do not answer: ${failed}`);
  const peers = listed.filter(({ name }) => parts.some((part) => name.includes(part)));
  await refereePeers(open, one, given, peers);
  for (const peer of peers) {
    for (const n of peer.threads) {
      const key = `${one.name}|${peer.name}|${n}`;
      const stored = peerTimes.values[key];
      const cutShort = stored?.note !== undefined && disturbed(stored) && !options.race;
      if (stored !== undefined && !cutShort && !options.again) continue;
      const found = await searchPeer(open, one, given, narrowed(one, peer, n), n, limit);
      const best = found.points.at(-1);
      console.error(
        `  ${peer.name}, ${n}: ${best === undefined ? "" : `gap ${gapOf(`${one.name}|${peer.intercept}`, best.objectives).toExponential(1)}, ${best.seconds[0].toPrecision(3)} s`} ${found.note ?? ""}`,
      );
    }
  }
  side?.end();
  return peers;
}

/** Where nothing certifies an optimum, one run of each peer near its tightest tolerance says where it is at most. */
async function refereePeers(open, one, given, peers) {
  for (const peer of peers) {
    const key = `${one.name}|${peer.intercept}`;
    const known = references.values[key]?.gaps !== undefined;
    if (known || peerTimes.values[`${one.name}|${peer.name}|1`] !== undefined) continue;
    const tolerance = peer.tolerances.at(-3);
    const run = await runPeer(open(), one, given, peer, 1, tolerance, limit);
    if (run.failed === undefined) refer(key, run.objectives, undefined, `${peer.name}, ${tolerance}`);
  }
}

/**
 * For large data a search begins at the tolerances that reached the gaps on a tenth of the rows, goes on to tighter ones from
 * there, and has no run beforehand.
 */
function narrowed(one, peer, n) {
  if (!one.large) return peer;
  const less = one.name.replace("flights", "flights240");
  const stored = peerTimes.values[`${less}|${peer.name}|${n}`];
  const known = targets.flatMap((target) => {
    const point = stored && fastest({ name: less }, stored, target);
    return point === undefined ? [] : [point.tolerance];
  });
  if (known.length === 0) return { ...peer, direct: true };
  const tighter = peer.tolerances.filter((tolerance) => tolerance < Math.min(...known));
  return { ...peer, tolerances: [...new Set(known), ...tighter], direct: true };
}

/** Times our side and the best peers' settings in turn, so that whatever else the machine does is shared out. */
async function race(one, given, peers) {
  const runs = contenders(one, peers);
  const side = new Side("ours", one.data);
  let other = runs.length > 0 ? new Side("peers", one.data, folderOf(one.data)) : undefined;
  const ours = Object.fromEntries(targets.map((target) => [target, { seconds: [], solver: [] }]));
  ours.threads = threads ?? null;
  let [slow, load] = [0, 0];
  const searched = runs.map(({ point }) => point.seconds);
  // The run of the search may have compiled; it counts where no other comes.
  for (const { point } of runs) point.seconds = [];
  // Some peers compile at their first call, and it is long past in the search's process.
  for (const { peer, n } of runs) {
    if (one.large && !peer.compiles) continue;
    if (other.gone) other = new Side("peers", one.data, folderOf(one.data));
    await runPeer(other, one, given, peer, n, peer.tolerances[0], Math.max(limit, compiling));
  }
  const { brief, ...cold } = await warmedUp(side, one, given);
  if (cold.seconds !== undefined) ours.cold = cold;
  for (let k = 0; k < repeat || (k < 5 * repeat && slow < 3); k++) {
    const began = performance.now();
    for (const target of targets) {
      if (brief) await askOurs(side, one, given, target);
      const answer = await askOurs(side, one, given, target);
      if (answer.seconds === undefined) {
        ours.note = answer.absent === undefined ? "failed" : "not offered";
        ours.why = answer.absent ?? answer.failed;
        break;
      }
      const mine = ours[target];
      mine.seconds.push(answer.seconds);
      mine.solver.push(answer.solver);
      const { name, iterations, converged } = answer;
      Object.assign(mine, { objectives: answer.objectives, name, iterations, converged });
    }
    for (const [r, { peer, n, point }] of runs.entries()) {
      if (other.gone) other = new Side("peers", one.data, folderOf(one.data));
      const ask = () => runPeer(other, one, given, peer, n, point.tolerance, 600);
      if (searched[r][0] < short) await ask();
      const run = await ask();
      if (run.failed === undefined) point.seconds.push(run.seconds);
    }
    load = Math.max(load, loadavg()[0]);
    slow += (performance.now() - began) / 1000;
    if (ours.note !== undefined && runs.length === 0) break;
    if (slow > (options.quick ? 10 : 60) && k >= 1) break;
  }
  side.end();
  other?.end();
  runs.forEach(({ key, stored, point }, r) => {
    if (point.seconds.length === 0) point.seconds = searched[r];
    else point.load = load;
    peerTimes.set(key, stored);
  });
  ownTimes.set(one.name, { ...ours, load });
}

/**
 * The first fit of a process, which compiles and copies; then more that are not counted, for a second or a hundred fits,
 * since the engine compiles what runs in milliseconds only once it has run often. Tells, too, whether the last was short.
 */
async function warmedUp(side, one, given) {
  const first = await askOurs(side, one, given, targets.at(-1));
  let last = first;
  const began = performance.now();
  for (let k = 0; k < 100 && last.seconds < 10 * short && performance.now() - began < 1000; k++)
    last = await askOurs(side, one, given, targets[k % targets.length]);
  return { seconds: first.seconds, load: first.load, brief: last.seconds < short };
}

async function askOurs(side, one, given, tolerance) {
  const out = tablePath("ours");
  const asked = { ...requestOf(one, given), tolerance, intercept: "free", out };
  const answer = await side.ask({ ...asked, ...(threads === undefined ? {} : { threads }) }, 1200);
  if (answer.seconds === undefined) return answer;
  const objectives = judged(one, given, out, "free");
  refer(`${one.name}|free`, objectives, undefined, `logitpress, ${tolerance}`);
  return { ...answer, objectives };
}

/** The settings that are worth timing again: for each gap the three fastest, and the fastest with a free intercept. */
function contenders(one, peers) {
  const found = new Map();
  for (const target of targets) {
    const all = peers.flatMap((peer) =>
      peer.threads.flatMap((n) => {
        const key = `${one.name}|${peer.name}|${n}`;
        const stored = peerTimes.values[key];
        const point = stored && fastest(one, stored, target);
        if (point === undefined) return [];
        const timed = point.seconds.length > 2 && !disturbed(point);
        if (timed && !options.again && !options.race) return [];
        return [{ peer, n, key, stored, point }];
      }),
    );
    all.sort((a, b) => Math.min(...a.point.seconds) - Math.min(...b.point.seconds));
    const free = all.filter(({ peer }) => peer.intercept === "free").slice(0, 2);
    for (const each of [...all.slice(0, 4), ...free]) found.set(`${each.key}|${each.point.tolerance}`, each);
  }
  const most = one.large ? 10 : 30;
  return [...found.values()].filter(({ point }) => point.seconds[0] < most);
}
