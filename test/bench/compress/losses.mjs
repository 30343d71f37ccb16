// Log-losses row by row, and what a paired bootstrap says of two models on the same rows.

/** The log-loss of each row by a table of margins. */
export function rowLosses({ rows, columns, values }, link, { labels }) {
  const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  return Float64Array.from({ length: rows }, (_, i) => {
    const row = values.subarray(i * columns, (i + 1) * columns);
    if (link === "binary") return softplus(labels[i] === 1 ? -row[0] : row[0]);
    const top = Math.max(...row);
    return top + Math.log(row.reduce((all, margin) => all + Math.exp(margin - top), 0)) - row[labels[i]];
  });
}

export function meanOf(losses) {
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/**
 * The ends of the 95 % interval of the mean of `after` over that of `before`, less one: rows are drawn with replacement, the same for both
 * (Efron and Tibshirani, 1993, chapter 13), by the library's generator.
 */
export function riseInterval(before, after, Random, resamples = 2000) {
  const random = new Random(1);
  const n = before.length;
  const rises = Float64Array.from({ length: resamples }, () => {
    let [first, second] = [0, 0];
    for (let left = n; left > 0; left--) {
      const at = random.integer(n);
      first += before[at];
      second += after[at];
    }
    return second / first - 1;
  }).sort();
  return [rises[Math.floor(0.025 * resamples)], rises[Math.ceil(0.975 * resamples) - 1]];
}
