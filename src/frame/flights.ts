import { join } from "node:path";
import { listening } from "../base/ambient-signal";
import { checkKeys, checkNumber } from "../base/check";
import { type Watch, watchOf } from "../base/progress";
import { Random } from "../base/random";
import { frameOf } from "./danfo";
import type { DataFrame } from "./data-frame";
import { folderOf } from "./dependency";
import { Pacer } from "./pacer";
import { parquetBatches } from "./parquet";

/** How much of the flights to read. */
interface FlightsOptions extends Watch {
  /** The number of rows, taken at random; they stay in the order of the file. Default 100,000. */
  readonly rows?: number;
  /** Default 0. */
  readonly seed?: number;
}

const total = 3_000_000;
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/**
 * Flights within the United States in the first half of 2001, of 3 million in the data of Vega, as a DataFrame: `month`, `weekday`
 * (`Mon`), `hour`, `origin`, `destination`, `route` (`ABQ-DAL`), `distance` in miles, `delay` in minutes and `late`, whether
 * that is over 15.
 *
 * Needs the package `vega-datasets`, whose Parquet file {@link flightsFile} names.
 * @throws `invalid-option` for more rows than there are; `missing-dependency`; `cancelled`
 */
export async function flights(options: FlightsOptions = {}): Promise<DataFrame> {
  checkKeys(options, ["rows", "seed", "onProgress", "signal"], "datasets.flights");
  const rows = checkNumber(options.rows ?? 100_000, "rows", { integer: true, min: 1, max: total });
  const seed = checkNumber(options.seed ?? 0, "seed", { integer: true, min: 0, max: 2 ** 32 - 1 });
  const pacer = new Pacer(listening(watchOf(options)), "read the flights", total);
  const random = new Random(seed);
  const names = ["month", "weekday", "hour", "origin", "destination", "route", "distance", "delay", "late"];
  const columns: unknown[][] = names.map(() => []);
  let seen = 0;
  let taken = 0;
  for await (const batch of parquetBatches(flightsFile(), {
    columns: ["date", "delay", "distance", "origin", "destination"],
  })) {
    const [date, delay, distance, origin, destination] = batch.columns;
    for (let i = 0; i < date.length; i++, seen++) {
      pacer.at(seen);
      // Selection sampling: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
      if ((total - seen) * random.uniform() >= rows - taken) continue;
      taken++;
      const [month, day, hour] = [0, 2, 4].map((at) => Number(String(date[i]).slice(at, at + 2)));
      const weekday = weekdays[new Date(Date.UTC(2001, month - 1, day)).getUTCDay()];
      const route = `${origin[i]}-${destination[i]}`;
      const late = Number(delay[i]) > 15;
      const row = [month, weekday, hour, origin[i], destination[i], route, distance[i], delay[i], late];
      row.forEach((value, j) => {
        columns[j].push(value);
      });
    }
  }
  pacer.at(total);
  return frameOf(new Map(names.map((name, j) => [name, columns[j]])));
}

/** The path of the Parquet file of all 3 million flights. @throws `missing-dependency` */
export function flightsFile(): string {
  return join(folderOf("vega-datasets", ["vega-datasets@2.11.0"]).folder, "data", "flights-3m.parquet");
}
