import { join } from "node:path";
import { packageRoot } from "../base/package-root";
import type { DataFrame } from "./data-frame";
import { readCsv } from "./read";

/**
 * The breast cancer data of Wisconsin (Wolberg, Street and Mangasarian, 1995) as a DataFrame: 30 measurements of cell
 * nuclei in 569 patients and `diagnosis`, `malignant` or `benign`.
 */
export async function breastCancer(): Promise<DataFrame> {
  return await readCsv(join(packageRoot(), "src", "frame", "data", "breast-cancer.csv"));
}
