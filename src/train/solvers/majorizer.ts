import type { WorkingSet } from "./working-set";

/**
 * By how much the diagonal of the Hessian must be raised for each parameter so that the blocks' Hessians lie below: by the
 * most columns of the block that meet in a row (Cauchy and Schwarz), and twice that where classes meet, since
 * diag(p) - p p' lies below twice its diagonal.
 * @param full whether all columns of a block meet in each row
 */
export function majorizing(set: WorkingSet, full = false): Float64Array {
  const { design, starts, members, features, outputs } = set;
  const [pointers, indices, , rows, columns] = design.matrix;
  const { buffer } = design.arena.memory;
  const row = new Uint32Array(buffer, pointers, rows + 1);
  const column = new Uint32Array(buffer, indices, row[rows]);
  const owner = new Uint32Array(columns);
  const meeting = new Uint32Array(set.blocks).fill(1);
  const long = new Uint8Array(set.blocks);
  for (let b = 0; b < set.blocks; b++) {
    for (let at = starts[b]; at < starts[b + 1]; at++) {
      const feature = features[members[at]];
      if (feature === columns) continue;
      if (feature !== features[members[starts[b]]]) long[b] = 1;
      owner[feature] = b;
    }
  }
  if (full) {
    for (let b = 0; b < set.blocks; b++) {
      const own = Array.from(members.subarray(starts[b], starts[b + 1]), (a) => features[a]);
      meeting[b] = new Set(own).size;
    }
  } else if (long.includes(1)) {
    const count = new Uint32Array(set.blocks);
    for (let i = 0; i < rows; i++) {
      for (let e = row[i]; e < row[i + 1]; e++) {
        const b = owner[column[e]];
        count[b]++;
        if (count[b] > meeting[b]) meeting[b] = count[b];
      }
      for (let e = row[i]; e < row[i + 1]; e++) count[owner[column[e]]] = 0;
    }
  }
  const factors = new Float64Array(set.size).fill(1);
  for (let b = 0; b < set.blocks; b++) {
    if (starts[b + 1] - starts[b] === 1) continue;
    for (let at = starts[b]; at < starts[b + 1]; at++)
      factors[members[at]] = meeting[b] * (outputs > 1 ? 2 : 1);
  }
  return factors;
}
