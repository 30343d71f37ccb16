import { fail } from "../base/errors";

/** The path of plotly as one script. @throws `missing-dependency` where plotly.js is not installed */
export function plotlyLibrary(): string {
  try {
    return require.resolve("plotly.js-dist-min/plotly.min.js");
  } catch (cause) {
    const remedy = "Run `npm install plotly.js-dist-min`.";
    return fail("missing-dependency", { thing: "plotly.js-dist-min", remedy }, { cause });
  }
}
