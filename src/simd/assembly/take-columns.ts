/** Writes `count` columns of dense rows, numbered in `list`, one after another to `out`. */
export function takeColumns(values: usize, rows: u32, columns: u32, list: usize, count: u32, out: usize): void {
  const bytes = (<usize>count) << 2;
  const end = values + ((<usize>rows * <usize>columns) << 2);
  for (let row = values; row < end; row += (<usize>columns) << 2) {
    for (let k: usize = 0; k < bytes; k += 4) store<f32>(out + k, load<f32>(row + ((<usize>load<u32>(list + k)) << 2)));
    out += bytes;
  }
}
