import type { FeatureNames } from "../matrix/names";
import { columnLookup, type FeatureGroups, type FeatureKey, groupNumbers } from "../train/feature-groups";
import type { Scope } from "./options";

/** What is kept or goes as one, and what competes with what. */
export interface Contest {
  /** Unit u is of the weights `members[starts[u] .. starts[u + 1]]`, places in the `features x outputs` table. */
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
  /** The pool of each unit: units of one pool compete among themselves. */
  readonly pools: Uint32Array;
  /** The number of units of each pool. */
  readonly sizes: Uint32Array;
  /** 1 for a unit that is not to go. */
  readonly protects: Uint8Array;
}

/** The parts of a contest that the caller decides. */
export interface ContestRules {
  readonly scope: Scope;
  /** For the scope `group`: features that come and go together; those not named are groups of one. */
  readonly groups: FeatureGroups;
  /** Features that stay. */
  readonly protect: readonly FeatureKey[];
  /** How many features in a row make a pool for each output, in place of the scope's pools; 0 for none. */
  readonly every: number;
}

/** The contest for a table of weights. @throws `missing-column`, `invalid-option` for features that are not there */
export function contestOf(featureNames: FeatureNames, outputs: number, rules: ContestRules): Contest {
  const columns = featureNames.length;
  const columnOf = columnLookup({ columns, featureNames }, [...rules.protect, ...rules.groups.flat()]);
  const protectedColumn = new Uint8Array(columns);
  for (const key of rules.protect) protectedColumn[columnOf(key, "protect")] = 1;
  const groupOf = rules.scope === "group" ? groupNumbers(columns, rules.groups, columnOf) : null;
  const single = rules.scope === "global" || rules.scope === "class";
  const weights = columns * outputs;
  const unitOf = (at: number) => {
    if (single) return at;
    const column = Math.floor(at / outputs);
    return groupOf === null ? column : groupOf[column];
  };
  const units = single ? weights : groupOf === null ? columns : 1 + Math.max(...groupOf);
  const starts = new Uint32Array(units + 1);
  for (let at = 0; at < weights; at++) starts[unitOf(at) + 1]++;
  for (let u = 0; u < units; u++) starts[u + 1] += starts[u];
  const next = starts.slice(0, units);
  const members = new Uint32Array(weights);
  const protects = new Uint8Array(units);
  for (let at = 0; at < weights; at++) {
    members[next[unitOf(at)]++] = at;
    if (protectedColumn[Math.floor(at / outputs)] === 1) protects[unitOf(at)] = 1;
  }
  const pools = Uint32Array.from({ length: units }, (_, u) => {
    if (rules.every > 0) return Math.floor(Math.floor(u / outputs) / rules.every) * outputs + (u % outputs);
    return rules.scope === "class" ? u % outputs : 0;
  });
  const sizes = new Uint32Array(1 + pools.reduce((a, b) => Math.max(a, b), 0));
  for (const pool of pools) sizes[pool]++;
  return { starts, members, pools, sizes, protects };
}
