// Finds the loosest tolerance of a peer that reaches each gap, and keeps every run.
import { loadavg } from "node:os";
import { targets } from "./cases.mjs";
import { objectiveOf } from "./objective.mjs";
import { tablePath, takeTable } from "./side.mjs";
import { gapOf, peerTimes, refer } from "./store.mjs";

/** A case with what both sides need of it: { data, lambdas, largest }. */
export function requestOf({ penalty, link, path }, { lambdas, largest }) {
  return { penalty, link, path: path ?? null, lambdas, largest };
}

/** The reference objective of each table that a side left. */
export function judged(one, { data, lambdas }, file, intercept) {
  const all = takeTable(file);
  const each = all.length / lambdas.length;
  return lambdas.map((lambda, k) =>
    objectiveOf(data, one, lambda, all.subarray(k * each, (k + 1) * each), intercept),
  );
}

/** Runs one setting of a peer once; `{ objectives, seconds }` or `{ failed }`. */
export async function runPeer(side, one, given, peer, threads, tolerance, limit) {
  const out = tablePath("peer");
  const request = { ...requestOf(one, given), peer: peer.name, threads, tolerance, out };
  const answer = await side.ask(request, limit);
  if (answer.failed !== undefined) return answer;
  return { seconds: answer.seconds, objectives: judged(one, given, out, peer.intercept) };
}

/** The seconds that a peer may take to compile at its first call, which count neither in a search nor in a race. */
export const compiling = 90;

/**
 * Walks a peer's tolerances from loose to tight, a decade at a time, until the tightest gap is reached, then tries the
 * halves of decades before those that reached one. Gives up after `limit` seconds in all. Where the peer is `direct` it visits
 * the tolerances one after another, with no run before unless it compiles.
 */
export async function searchPeer(open, one, given, peer, threads, limit) {
  const key = `${one.name}|${peer.name}|${threads}`;
  const reference = `${one.name}|${peer.intercept}`;
  const points = new Map();
  let [spent, note] = [0, undefined];
  const visit = async (tolerance) => {
    if (points.has(tolerance)) return true;
    const left = limit - spent;
    if (left <= 0) {
      note ??= `given up after ${limit} s`;
      return false;
    }
    const before = performance.now();
    const run = await runPeer(open(), one, given, peer, threads, tolerance, left + 30);
    spent += (performance.now() - before) / 1000;
    if (run.failed !== undefined) {
      note = run.failed;
      return !run.gone;
    }
    points.set(tolerance, {
      tolerance,
      objectives: run.objectives,
      seconds: [run.seconds],
      load: loadavg()[0],
    });
    refer(reference, run.objectives, undefined, `${peer.name}, ${tolerance}`);
    return true;
  };
  const reached = (tolerance, target) => {
    const point = points.get(tolerance);
    return point !== undefined && gapOf(reference, point.objectives) <= target;
  };
  const { tolerances } = peer;
  const tightest = Math.min(...targets);
  if (!peer.direct || peer.compiles)
    await runPeer(open(), one, given, peer, threads, tolerances[0], Math.max(limit, compiling));
  for (let i = 0; i < tolerances.length; i += peer.direct ? 1 : 2) {
    if (!(await visit(tolerances[i])) || reached(tolerances[i], tightest)) break;
  }
  for (const target of targets) {
    const first = tolerances.findIndex((tolerance) => reached(tolerance, target));
    if (first > 0) await visit(tolerances[first - 1]);
  }
  const found = {
    intercept: peer.intercept,
    points: [...points.values()],
    load: loadavg()[0],
    ...(note ? { note } : {}),
  };
  peerTimes.set(key, found);
  return found;
}

/** Whether other work disturbed what was measured: more than our own process and half of another wanted to run. */
export function disturbed({ load }) {
  return load > 2.5;
}

/**
 * The fastest point of a stored peer within a gap, by the least seconds; undefined where none is. One that the search timed once, on
 * its own, stands back behind those that were raced.
 */
export function fastest(one, stored, target) {
  const within = stored.points.filter(
    (p) => gapOf(`${one.name}|${stored.intercept}`, p.objectives) <= target,
  );
  const raced = within.filter(({ seconds }) => seconds.length > 1);
  return (raced.length > 0 ? raced : within).sort(
    (a, b) => Math.min(...a.seconds) - Math.min(...b.seconds),
  )[0];
}
