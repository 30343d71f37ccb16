// Weights that share a level: the level's gradient is the sum of theirs, so that what is trained is a model of few sums a row.

/** For each row, output and level the sum of the features whose weight has that level. */
export function levelSumsOf({ positions, codes, scheme, outputs: K }, { features }) {
  const L = scheme.levels.length;
  const own = new Map();
  positions.forEach((at, i) => {
    const j = Math.floor(at / K);
    own.set(j, [...(own.get(j) ?? []), (at % K) * L + codes[i]]);
  });
  const sums = new Float64Array(features.rows * K * L);
  const add = (i, j, x) => {
    for (const place of own.get(j) ?? []) sums[i * K * L + place] += x;
  };
  if (features.kind === "dense") {
    features.values.forEach((x, at) => {
      if (x !== 0) add(Math.floor(at / features.columns), at % features.columns, x);
    });
    return sums;
  }
  for (let i = 0; i < features.rows; i++) {
    for (let e = features.pointers[i]; e < features.pointers[i + 1]; e++) {
      add(i, features.indices[e], features.values === null ? 1 : features.values[e]);
    }
  }
  return sums;
}

/** Gradient descent with momentum (Nesterov, 1983), begun anew where the objective would rise. */
export function tunedLevels({ positions, codes, scheme, intercepts, outputs: K, link }, sums, train, lambda) {
  const L = scheme.levels.length;
  const { labels, scale } = train;
  const n = labels.length;
  const strengths = new Float64Array(L);
  positions.forEach((at, i) => {
    strengths[codes[i]] += lambda / (scale === null ? 1 : scale[Math.floor(at / K)] ** 2);
  });
  const objective = (point, gradient) => {
    let value = 0;
    gradient?.fill(0);
    for (let l = 0; l < L; l++) {
      value += 0.5 * strengths[l] * point[l] ** 2;
      if (gradient) gradient[l] = strengths[l] * point[l];
    }
    const margins = new Float64Array(K);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < K; k++) {
        margins[k] = point[L + k];
        for (let l = 0; l < L; l++) margins[k] += point[l] * sums[(i * K + k) * L + l];
      }
      const residuals = residualsOf(margins, labels[i], link);
      value += residuals.loss / n;
      if (!gradient) continue;
      for (let k = 0; k < K; k++) {
        const r = residuals.each[k] / n;
        gradient[L + k] += r;
        for (let l = 0; l < L; l++) gradient[l] += r * sums[(i * K + k) * L + l];
      }
    }
    return value;
  };
  let point = Float64Array.from([...scheme.levels, ...intercepts]);
  let before = point;
  let step = 1;
  let pace = 1;
  const gradient = new Float64Array(L + K);
  let value = objective(point, null);
  for (let round = 0; round < 400; round++) {
    const next = (1 + Math.sqrt(1 + 4 * pace * pace)) / 2;
    const ahead = point.map((x, at) => x + ((pace - 1) / next) * (x - before[at]));
    const there = objective(ahead, gradient);
    const slope = gradient.reduce((sum, g) => sum + g * g, 0);
    let tried = ahead;
    let found = there;
    for (step *= 1.5; step > 1e-9; step /= 2) {
      tried = ahead.map((x, at) => x - step * gradient[at]);
      found = objective(tried, null);
      if (found <= there - 0.5 * step * slope) break;
    }
    if (found > value) {
      if (pace === 1) break;
      pace = 1;
      before = point;
      continue;
    }
    const fall = value - found;
    [before, point, pace, value] = [point, tried, next, found];
    if (fall < 1e-9 * value) break;
  }
  return { levels: point.slice(0, L), intercepts: point.slice(L) };
}

function residualsOf(margins, own, link) {
  if (link === "binary") {
    const sign = own === 1 ? 1 : -1;
    const wrong = 1 / (1 + Math.exp(sign * margins[0]));
    return {
      loss: Math.log1p(Math.exp(-Math.abs(margins[0]))) + Math.max(0, -sign * margins[0]),
      each: [-sign * wrong],
    };
  }
  if (link !== "softmax") throw new Error("levels of one sigmoid a class are not trained here");
  const top = Math.max(...margins);
  const powers = Array.from(margins, (m) => Math.exp(m - top));
  const total = powers.reduce((sum, p) => sum + p, 0);
  return {
    loss: Math.log(total) - (margins[own] - top),
    each: powers.map((p, k) => p / total - Number(k === own)),
  };
}
