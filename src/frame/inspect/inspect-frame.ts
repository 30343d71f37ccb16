import { listening } from "../../base/ambient-signal";
import { checkKeys, checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import { grouped } from "../../base/grouped";
import { type Watch, watchOf } from "../../base/progress";
import { distinctLabels, type Label } from "../../matrix/dataset";
import { type ColumnName, columnsOf, type Frame, labelColumn, rowsOf } from "../columns";
import { Pacer } from "../pacer";
import { duplicateRows } from "./duplicate-rows";
import { type ColumnFacts, factsOf } from "./facts";
import { type ColumnReport, type Finding, type FindingCode, FrameReport } from "./report";
import { groupsOf, pureLevels, separates, skillOf } from "./skill";

/** How to look at a table. `Name`: the label, which must be a column where the compiler knows these. */
export interface InspectOptions<Name extends string = string> extends Watch {
  /** The column of classes, by which columns are judged. Default: none. */
  readonly label?: Name;
  /** Of the halves that the rows are parted into. Default 0. */
  readonly seed?: number;
}

/** A column that takes away this share of the log-loss alone is taken for a leak. */
const leak = 0.9;
/** Rows that a level must have before it counts that all are of one class. */
const enough = 20;

/**
 * Looks at every column of a table before a fit: its type, missing values, constants, duplicates, identifiers, columns that
 * tell the class alone (a leak, unless they are known at prediction time, too) or part the classes, and how the classes are
 * balanced.
 * @throws `empty-data` for no rows; `missing-column`, `invalid-label` for the label; `cancelled`
 */
export function inspectFrame<F extends Frame, Label extends string = string>(
  frame: F,
  options: InspectOptions<Label> & {
    readonly label?: string extends Label ? Label : Label & ColumnName<F>;
  } = {},
): FrameReport {
  checkKeys(options, ["label", "seed", "onProgress", "signal"], "inspectFrame");
  const { label = null } = options;
  const seed = checkNumber(options.seed ?? 0, "seed", { integer: true });
  const rows = rowsOf(frame);
  if (rows === 0) fail("empty-data", { thing: "frame", value: "0 rows", expected: "at least one" });
  const target = label === null ? null : targetOf(labelColumn(frame, label));
  const columns = columnsOf(frame);
  const pacer = new Pacer(listening(watchOf(options)), "inspect", 3 * columns.size);
  const facts = new Map<string, ColumnFacts>();
  for (const [name, values] of columns) {
    pacer.at(facts.size);
    facts.set(name, factsOf(values));
  }
  const firstOf = new Map<string, string>();
  const reports: ColumnReport[] = [];
  for (const [name, values] of columns) {
    pacer.at(columns.size + reports.length);
    const own = facts.get(name)!;
    const judged = target === null || name === label ? null : judge(values, own, target, seed);
    const twin = firstOf.get(own.key);
    const same = twin !== undefined && equal(values, columns.get(twin)!) ? twin : null;
    firstOf.set(own.key, twin ?? name);
    const { type, missing, distinct } = own;
    const findings = findingsOf(own, rows, same, name === label, judged);
    reports.push({ name, type, missing, distinct, skill: judged?.skill ?? null, findings });
  }
  const duplicates = duplicateRows([...columns.values()], rows, (share) => {
    pacer.at(Math.min(pacer.total - 1, Math.floor((2 + share) * columns.size)));
  });
  pacer.at(pacer.total);
  return new FrameReport(rows, reports, label, target?.shares ?? [], duplicates);
}

interface Target {
  readonly labels: Uint32Array;
  readonly classes: number;
  readonly shares: FrameReport["classes"];
}

function targetOf(labels: readonly Label[]): Target {
  const classes = distinctLabels(labels);
  const numbers = new Map(classes.map((label, k) => [label, k]));
  const numbered = Uint32Array.from(labels, (label) => numbers.get(label)!);
  const counts = new Array<number>(classes.length).fill(0);
  for (const k of numbered) counts[k]++;
  const shares = classes
    .map((label, k) => ({ label, rows: counts[k], share: counts[k] / labels.length }))
    .sort((a, b) => b.rows - a.rows);
  return { labels: numbered, classes: classes.length, shares };
}

interface Judgement {
  readonly skill: number;
  /** True where the column is as good as the label. */
  readonly tells: boolean;
  readonly separating: boolean;
  readonly pure: number;
}

function judge(values: ArrayLike<unknown>, { type }: ColumnFacts, target: Target, seed: number): Judgement {
  const { labels, classes } = target;
  const numeric = type === "number";
  const groups = groupsOf(values, numeric);
  const skill = skillOf(groups, labels, classes, seed);
  const separating = numeric && classes > 1 && separates(values, labels, classes);
  return {
    skill,
    tells: skill >= leak || (separating && classes === 2),
    separating,
    pure: numeric || classes < 2 ? 0 : pureLevels(groups, labels, enough),
  };
}

function findingsOf(
  facts: ColumnFacts,
  rows: number,
  twin: string | null,
  isLabel: boolean,
  judged: Judgement | null,
): Finding[] {
  const { type, missing, distinct, odd, numbersInText, identifier } = facts;
  const found: Finding[] = [];
  const say = (code: FindingCode, message: string): void => {
    found.push({ code, message });
  };
  if (type === "empty") say("missing", "no value at all; drop it");
  else if (missing > 0) {
    say(
      "missing",
      `${grouped(missing)} of ${grouped(rows)} rows have no value; fill them, or encode with missing: "mean"`,
    );
  }
  if (distinct === 1) {
    say(
      "constant",
      missing > 0 ? "one value or none; what it tells is where it is missing" : "one value; drop it",
    );
  }
  if (type === "mixed")
    say("mixed", `values of several types, such as ${JSON.stringify(odd)}; make them one`);
  else if (odd !== null) {
    say(
      "text-numbers",
      `${numbersInText} texts are numbers, ${JSON.stringify(odd)} is none; name it as missing when reading`,
    );
  }
  if (twin !== null) say("duplicate", `the same as "${twin}"; drop one`);
  if (isLabel) return found;
  if (identifier)
    say("identifier", "each row has a value of its own; drop it if it is a name or a number of the row");
  if (judged === null) return found;
  if (judged.tells) {
    say("leaking", "tells the class alone; drop it unless it is known before the class is");
  }
  if (judged.separating) say("separating", "a threshold parts a class from the others; keep a penalty");
  else if (judged.pure > 0 && !judged.tells) {
    say("separating", `${judged.pure} levels occur with one class alone; keep a penalty`);
  }
  return found;
}

function equal(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i]) && String(a[i]) !== String(b[i])) return false;
  }
  return true;
}
