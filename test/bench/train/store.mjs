// What was measured of the peers, and the best objectives seen, kept so that a run need not measure them again.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kept } from "./data.mjs";

/** A JSON object in a file, written whole at each change. */
class Store {
  #path;

  constructor(name) {
    this.#path = join(kept, name);
    this.values = this.#read();
  }

  #read() {
    return existsSync(this.#path) ? JSON.parse(readFileSync(this.#path, "utf8")) : {};
  }

  /** Keeps what others wrote meanwhile: several runs may share the folder. */
  set(key, value) {
    this.values = { ...this.#read(), [key]: value };
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${this.#path}.part-${process.pid}`, JSON.stringify(this.values, null, 1));
    renameSync(`${this.#path}.part-${process.pid}`, this.#path);
  }
}

/** `case|peer|threads`: { intercept, points: [{ tolerance, objectives, seconds }], note }. */
export const peerTimes = new Store("peers.json");
/** `case|intercept`: { objectives, gaps, by }, one number a lambda; `gaps` are certified where there are any. */
export const references = new Store("references.json");
/** The least lambda of L1 without weights, `data|link`. */
export const largest = new Store("largest.json");
/** `case`: our own runs of the last time. */
export const ownTimes = new Store("ours.json");

/** Takes objectives into the reference where they are lower. */
export function refer(key, objectives, gaps, by) {
  const old = references.values[key];
  const lower = objectives.map((f, k) => old === undefined || f < old.objectives[k]);
  const certified = gaps?.every(Number.isFinite) === true;
  if (!lower.includes(true) && !(certified && old.gaps === undefined)) return;
  references.set(key, {
    objectives: objectives.map((f, k) => (lower[k] ? f : old.objectives[k])),
    // The bound below is what is certified: it holds for whichever objective is the lowest.
    bounds: certified ? objectives.map((f, k) => f - gaps[k]) : old?.bounds,
    gaps: certified ? gaps : old?.gaps,
    by: lower.includes(true) ? by : old.by,
  });
}

/** The largest relative gap of objectives over the lambdas of a case. */
export function gapOf(key, objectives) {
  const best = references.values[key]?.objectives;
  if (best === undefined) return Number.NaN;
  return Math.max(...objectives.map((f, k) => (f - best[k]) / best[k]));
}
