/**
 * The folds of the uncompressed model. Each row is to be judged as by a model of all rows, and one of many weights loses the most
 * by every row that it lacks: with the folds of the compressed models it would be made worse than it is, and these be found to
 * lose less than they do.
 */
const fineFolds = 20;

/** How many smaller folds the rows are in, as many in each fold. */
export function smallFolds(folds: number, rows: number): number {
  return folds * Math.max(1, Math.min(Math.ceil(fineFolds / folds), Math.floor(rows / folds)));
}
