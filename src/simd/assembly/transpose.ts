/**
 * Writes the matrix column after column: values of each column in the order of rows, with `toPointers` (`columns + 2`
 * integers, zero at first, of which the first `columns + 1` are filled) and `toIndices`; dense to dense where `pointers` is 0.
 */
export function transpose(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  toPointers: usize,
  toIndices: usize,
  toValues: usize,
): void {
  if (pointers == 0) {
    for (let i: usize = 0; i < <usize>rows; i++) {
      for (let j: usize = 0; j < <usize>columns; j++) {
        const x = load<f32>(values + ((i * <usize>columns + j) << 2));
        store<f32>(toValues + ((j * <usize>rows + i) << 2), x);
      }
    }
    return;
  }
  const count = <usize>load<u32>(pointers + ((<usize>rows) << 2));
  for (let k: usize = 0; k < count; k++) {
    const at = toPointers + ((<usize>load<u32>(indices + (k << 2)) + 2) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let j: usize = 2; j < <usize>columns + 2; j++) {
    const at = toPointers + (j << 2);
    store<u32>(at, load<u32>(at) + load<u32>(at - 4));
  }
  for (let i: u32 = 0; i < rows; i++) {
    const row = pointers + ((<usize>i) << 2);
    const to = <usize>load<u32>(row, 4);
    for (let k = <usize>load<u32>(row); k < to; k++) {
      const next = toPointers + ((<usize>load<u32>(indices + (k << 2)) + 1) << 2);
      const at = <usize>load<u32>(next);
      store<u32>(next, <u32>(at + 1));
      store<u32>(toIndices + (at << 2), i);
      if (values != 0) store<f32>(toValues + (at << 2), load<f32>(values + (k << 2)));
    }
  }
}
