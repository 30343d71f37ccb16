// The tables of the pruning half, and where they say that the theory fails.

/**
 * Mean test log-loss over splits, and how far each strategy is from obs with repair. Training rows of splits overlap, so the variance is
 * that of Nadeau and Bengio (2003), which adds the ratio of test to training rows.
 */
export function overSplits({ name, keeps }, splits) {
  const named = [...new Set(splits.flatMap(({ points }) => points.map(({ strategy }) => strategy)))];
  const lossesOf = (strategy, keep) =>
    splits.map(({ points }) => points.find((p) => p.strategy === strategy && p.keep === keep)?.logLoss);
  const differenceOf = (strategy, keep) => {
    const own = lossesOf(strategy, keep);
    if (own.includes(undefined)) return null;
    const differences = lossesOf("obs", keep).map((loss, i) => own[i] - loss);
    const mean = meanOf(differences);
    const n = differences.length;
    const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
    return { mean, half: 1.96 * Math.sqrt(variance * (1 / n + splits[0].ratio)) };
  };
  const cell = (strategy, keep) => {
    const difference = differenceOf(strategy, keep);
    if (difference === null) return "";
    if (strategy === "obs") return meanOf(lossesOf(strategy, keep)).toFixed(4);
    const { mean, half } = difference;
    return `${mean >= 0 ? "+" : ""}${mean.toFixed(4)} ± ${half.toFixed(4)}`;
  };
  const failures = keeps.flatMap((keep) =>
    named.flatMap((strategy) => {
      const difference = strategy.startsWith("obs") ? null : differenceOf(strategy, keep);
      if (difference === null || difference.mean >= 0) return [];
      const { mean, half } = difference;
      const sure = mean + half < 0 ? "beyond chance" : "within chance";
      return [
        `- ${keep} weights: ${strategy} loses ${(-mean).toFixed(4)} ± ${half.toFixed(4)} less than obs, ${sure}`,
      ];
    }),
  );
  const title = "At equal weights obs with repair has the least mean test log-loss";
  return [
    `### ${name}: mean test log-loss of obs over ${splits.length} splits, and the difference of the others`,
    "",
    `| strategy, refitted | ${keeps.map((keep) => `${keep} weights`).join(" | ")} |`,
    `|---|${keeps.map(() => "---|").join("")}`,
    ...named.map((strategy) => `| ${strategy} | ${keeps.map((keep) => cell(strategy, keep)).join(" | ")} |`),
    "",
    ...(failures.length === 0
      ? [`${title}, everywhere.`]
      : [`${title}, but the theory fails on these data:`, ...failures]),
  ];
}

function meanOf(values) {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

/** Test log-loss by number of weights, a strategy a line; in brackets the objective on training rows at one strength. */
export function tableOf(keeps, named, points, theirs, seconds) {
  const cell = (strategy, keep) => {
    const point = points.find((p) => p.strategy === strategy && p.keep === keep);
    if (point === undefined) return "";
    const fewer = point.kept < keep ? `, ${point.kept} kept` : "";
    return `${point.logLoss.toFixed(4)} (${point.objective.toFixed(4)}${fewer})`;
  };
  return [
    `| strategy, refitted | ${keeps.map((keep) => `${keep} weights`).join(" | ")} | seconds of the processor |`,
    `|---|${keeps.map(() => "---|").join("")}---|`,
    ...named.map(
      (strategy) =>
        `| ${strategy} | ${keeps.map((keep) => cell(strategy, keep)).join(" | ")} | ${seconds[strategy].toFixed(1)} |`,
    ),
    ...theirs.map(({ name, results }) => `| ${name} | ${results.map(peerCell).join(" | ")} | |`),
  ];
}

function peerCell(result) {
  return result === null ? "" : `${result.logLoss.toFixed(4)}, ${result.kept} kept`;
}

/** The share of a log-loss by which two fits to the same optimum may differ. */
const solved = 1e-5;

/**
 * Where the best of obs is not the best: on training rows at one strength, and on test rows beyond the interval of the difference.
 * @param compared the interval of the difference in test log-loss of two models, `other` less `obs`
 */
export function verdicts(keeps, points, compared) {
  const lines = [];
  for (const keep of keeps) {
    const ours = points.filter((p) => p.strategy.startsWith("obs") && p.keep === keep);
    if (ours.length === 0) continue;
    const own = ours.reduce((best, p) => (p.objective < best.objective ? p : best));
    for (const other of points.filter((p) => p.keep === keep && !p.strategy.startsWith("obs"))) {
      if (other.objective < own.objective - 1e-7) {
        const less = percent(1 - other.objective / own.objective, 2);
        lines.push(
          `- ${keep} weights: the objective of ${other.strategy} on training rows is ${less} lower than that of ${own.strategy}`,
        );
      }
      // Fits of the same weights differ by what the solver left.
      if (other.logLoss >= own.logLoss * (1 - solved)) continue;
      const logLoss = compared({ obs: own.chosen, other: other.chosen });
      const sure = logLoss.high < 0 ? "beyond chance" : "within chance";
      lines.push(
        `- ${keep} weights: the test log-loss of ${other.strategy} is ${percent(1 - other.logLoss / own.logLoss, 2)} lower than that of ${own.strategy}, ${sure} (95 %: ${logLoss.low.toFixed(5)} to ${logLoss.high.toFixed(5)})`,
      );
    }
  }
  const title =
    "obs with repair, by the lower objective on training rows of both, has the least log-loss at equal weights";
  return [
    lines.length === 0 ? `${title}, everywhere.` : `${title}, but the theory fails on these data:`,
    ...lines,
  ];
}

/** A share in percent. */
export function percent(share, digits = 2) {
  return `${(100 * share).toFixed(digits)} %`;
}
