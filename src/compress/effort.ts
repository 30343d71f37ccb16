import { checkNumber } from "../base/check";
import type { Dataset } from "../matrix/dataset";
import { countStored } from "./compact";
import { smallFolds } from "./small-folds";

/** What is tried of one input: what it takes does not depend on what others beside it do. */
export interface InputShare {
  /** The most pairs of a strength and a number of levels, the first ones. */
  readonly settings: number;
  /** How many folds are run, the first ones. */
  readonly folds: number;
  /** Whether it is given up where the first folds find it behind at every size: there is time for fewer folds or settings than usual. */
  readonly raced: boolean;
}

/** Stored values times classes below which more starts and prices take next to no time. */
export const smallWork = 500_000;
/** The starts where they do. */
export const startsOfSmall = 5;

/** The fewest folds that a large search is run with. */
const fewestFolds = 3;

const usualFolds = { two: 10, more: 8 };

const halfDecades = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6];

/** What the folds, settings and paths of an effort are. */
interface Effort {
  readonly levels: ByClasses<readonly number[]>;
  /** Of the strength of the uncompressed model. */
  readonly factors: ByClasses<readonly number[]>;
  /** How many rows to judge by, about, at least two folds. */
  readonly judged: number;
  readonly work: ByClasses<number>;
  readonly ratio: number;
  readonly fine: number;
  readonly sweeps: ByClasses<number>;
  readonly starts: ByClasses<number>;
  readonly strengthFolds: number;
  readonly strengths: ByClasses<readonly number[]>;
}

/** For two classes, and for more. */
interface ByClasses<T> {
  readonly two: T;
  readonly more: T;
}

/**
 * More classes have more weights that a level's own bytes are shared by, and lose more by few levels; a third sweep or start there finds
 * models of about the same objective but for small ones. `work` is
 * the stored values of an input times outputs, settings and parts that two cores get through in the time that an effort may
 * take for it: where it does not suffice fewer settings are tried, the first ones, then fewer folds run. Were it of
 * all inputs together, a large one would leave a small one beside it judged by so few rows that its interval fails every budget.
 */
export const efforts: Readonly<Record<"fast" | "best", Effort>> = {
  fast: {
    levels: { two: [8], more: [16] },
    factors: { two: [0.7], more: [1] },
    judged: 20_000,
    work: { two: 3e7, more: 3e7 },
    ratio: 1.5,
    fine: 1.25,
    sweeps: { two: 2, more: 2 },
    starts: { two: 2, more: 2 },
    strengthFolds: 4,
    strengths: {
      two: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6],
      more: [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6],
    },
  },
  best: {
    levels: { two: [8, 4], more: [16, 8] },
    factors: { two: [0.6, 1.5], more: [1, 0.5] },
    judged: 40_000,
    work: { two: 1.7e8, more: 7e7 },
    ratio: 1.35,
    fine: 1.2,
    sweeps: { two: 3, more: 2 },
    starts: { two: 3, more: 2 },
    strengthFolds: 20,
    strengths: { two: halfDecades, more: halfDecades },
  },
};

/** The folds of a search, and what is tried of each input. */
export interface Sharing {
  readonly folds: number;
  /** What is tried of each input by its name, `""` for the data themselves. */
  readonly shares: Readonly<Record<string, InputShare>>;
  /** How many folds the uncompressed model is judged by: all that are run of any input. */
  readonly run: number;
  /** Whether some input is judged by fewer folds than usual, since the search would take too long. */
  readonly coarse: boolean;
}

/** What the time that an effort may take suffices for. */
interface Wanted {
  readonly work: number;
  readonly judged: number;
  /** The pairs of a strength and a number of levels. */
  readonly settings: number;
  /** Whether all of these are to be tried. */
  readonly all: boolean;
  /** The folds, where they are given. */
  readonly folds: number | undefined;
}

/** @param before the sharing of the pass before, whose folds are kept or halved */
export function sharingOf(
  { work, judged, settings: wanted, all, folds: given }: Wanted,
  data: Dataset,
  inputs: Readonly<Record<string, Dataset>>,
  before: Sharing | null,
): Sharing {
  const { rows, classes } = data;
  const two = classes.length === 2;
  const first = two ? usualFolds.two : usualFolds.more;
  const most = before === null ? first : halvesOf(before.folds, rows);
  const afforded = Object.entries({ "": data, ...inputs }).map(([name, own]) => {
    const pass = countStored(own) * (two ? 1 : classes.length);
    const fit = Math.max(1, Math.min(wanted, Math.floor(work / (pass * (fewestFolds + 1)))));
    const settings = all ? wanted : fit;
    return { name, settings, folds: Math.max(fewestFolds, Math.floor(work / (pass * settings)) - 1) };
  });
  const enough = Math.min(judged, rows);
  const coarse = given === undefined && afforded.some((own) => (own.folds * rows) / most < enough);
  // Where few are run, smaller ones: a large model loses by each row that it lacks about what its interval gains.
  const finer = before === null && coarse && afforded.every((own) => 2 * own.folds <= most);
  const usual = finer ? 2 * most : most;
  const folds = checkNumber(given ?? Math.min(usual, rows), "folds", { integer: true, min: 2, max: rows });
  const called = Math.min(folds, Math.max(2, Math.ceil((judged * folds) / rows)));
  const shares = Object.fromEntries(
    afforded.map(({ name, settings, folds: own }) => {
      const run = given === undefined ? Math.min(called, own) : called;
      return [name, { settings, folds: run, raced: settings < wanted || run < called }];
    }),
  );
  const least = before === null ? 0 : Math.ceil((before.run * folds) / before.folds);
  const run = Math.max(least, ...Object.values(shares).map((own) => own.folds));
  return { folds, shares, run, coarse };
}

/** Twice as many folds where these are halves of those before, of the same rows: fewer rows are missed. */
function halvesOf(folds: number, rows: number): number {
  const twice = 2 * folds;
  return twice <= rows && smallFolds(twice, rows) === smallFolds(folds, rows) ? twice : folds;
}
