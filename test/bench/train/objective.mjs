// The one reference that all sides are judged by: mean loss plus penalty in 64-bit floats, and the largest lambda.

/**
 * The objective of weights (column after column, K a column, then K intercepts) on the arrays of a data set.
 * `intercept` is free, penalised (the weight of a column of ones) or none.
 */
export function objectiveOf(data, { link, penalty }, lambda, table, intercept) {
  const K = outputsOf(data, link);
  const weights = data.columns * K;
  const scores = scoresOf(data, table, K);
  let loss = 0;
  for (let i = 0; i < data.rows; i++) {
    const label = data.labels[i];
    if (link === "softmax") loss += crossEntropy(scores, i * K, K, label);
    else if (link === "binary") loss += softplus(label === 1 ? -scores[i] : scores[i]);
    else for (let k = 0; k < K; k++) loss += softplus(label === k ? -scores[i * K + k] : scores[i * K + k]);
  }
  const end = intercept === "penalised" ? weights + K : weights;
  let size = 0;
  for (let j = 0; j < end; j++) size += penalty === "l1" ? Math.abs(table[j]) : 0.5 * table[j] * table[j];
  return loss / data.rows + lambda * size;
}

/** The least lambda of L1 at which all weights are zero, intercepts free. */
export function largestLambda(data, link) {
  const K = outputsOf(data, link);
  const { rows, columns, labels } = data;
  const positive = (i, k) => (link === "binary" ? labels[i] === 1 : labels[i] === k);
  const shares = Float64Array.from({ length: K }, (_, k) => {
    let count = 0;
    for (let i = 0; i < rows; i++) if (positive(i, k)) count++;
    return count / rows;
  });
  const sums = new Float64Array(columns * K);
  for (let i = 0; i < rows; i++) {
    eachOf(data, i, (j, x) => {
      for (let k = 0; k < K; k++) sums[j * K + k] += x * ((positive(i, k) ? 1 : 0) - shares[k]);
    });
  }
  return sums.reduce((most, s) => Math.max(most, Math.abs(s)), 0) / rows;
}

/** The number of outputs of a model. */
export function outputsOf(data, link) {
  return link === "binary" ? 1 : data.classes;
}

function scoresOf(data, table, K) {
  const { rows, columns } = data;
  const scores = new Float64Array(rows * K);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < K; k++) scores[i * K + k] = table[columns * K + k];
  }
  if (K > 1 || data.kind === "dense") {
    for (let i = 0; i < rows; i++) {
      eachOf(data, i, (j, x) => {
        for (let k = 0; k < K; k++) scores[i * K + k] += x * table[j * K + k];
      });
    }
    return scores;
  }
  const { pointers, indices, values } = data;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let p = pointers[i]; p < pointers[i + 1]; p++)
      sum += table[indices[p]] * (values === null ? 1 : values[p]);
    scores[i] += sum;
  }
  return scores;
}

function eachOf({ columns, kind, pointers, indices, values }, i, visit) {
  if (kind === "dense") {
    for (let j = 0; j < columns; j++) if (values[i * columns + j] !== 0) visit(j, values[i * columns + j]);
    return;
  }
  for (let p = pointers[i]; p < pointers[i + 1]; p++) visit(indices[p], values === null ? 1 : values[p]);
}

function softplus(m) {
  return m > 0 ? m + Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m));
}

function crossEntropy(scores, at, K, label) {
  let most = -Infinity;
  for (let k = 0; k < K; k++) most = Math.max(most, scores[at + k]);
  let sum = 0;
  for (let k = 0; k < K; k++) sum += Math.exp(scores[at + k] - most);
  return most + Math.log(sum) - scores[at + label];
}
