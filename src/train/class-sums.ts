import type { Design } from "./design";
import { Products } from "./products";

/**
 * Sums the rows of each of two classes, each row times its share, for {@link classSums}. Where no weight is other than zero yet,
 * the gradient of every fit is made of these two, so it need not be summed over all rows again.
 * @returns where the two vectors lie, one after another
 */
export function sumClasses(design: Design): number {
  const { arena, rows, columns, labels, shares } = design;
  const sums = arena.floats(2 * columns);
  const mark = arena.mark();
  const products = new Products(design);
  const r = arena.scratch(rows);
  for (let k = 0; k < 2; k++) {
    const sum = design.parameters(1);
    for (let i = 0; i < rows; i++) r[i] = labels[i] === k ? shares[i] : 0;
    products.addTransposed(r, sum);
    sums.set(sum.subarray(0, columns), k * columns);
  }
  arena.rewind(mark);
  return sums.byteOffset;
}

/** The sum of each class's rows times their shares, one number a column; `null` where they were not summed. */
export function classSums({ arena, columns, given }: Design): readonly [Float64Array, Float64Array] | null {
  if (given.sums === 0) return null;
  const { buffer } = arena.memory;
  return [
    new Float64Array(buffer, given.sums, columns),
    new Float64Array(buffer, given.sums + 8 * columns, columns),
  ];
}
