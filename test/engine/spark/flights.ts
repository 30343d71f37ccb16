import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";
import type { ClusterTable } from "../../../src/engine/spark/cluster-table";
import type { SparkOptions } from "../../../src/engine/spark/options";
import { type SparkEngine, spark } from "../../../src/engine/spark/spark";
import { flightsFile } from "../../../src/frame/flights";
import type { LinearModel } from "../../../src/model/linear";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import { folder, sql } from "../tables";
import { TestCluster } from "./cluster";

/** The cluster of all tests. */
export const cluster: TestCluster = new TestCluster();
const flights = join(folder, "flights.parquet");
export const select =
  "SELECT delay > 15 AS late, origin, destination, hour, CAST(distance AS DOUBLE) AS distance FROM source";
export const table: {
  readonly parquet: string;
  readonly select: string;
  readonly label: string;
  readonly categorical: readonly string[];
  readonly numeric: string;
} = {
  parquet: flights,
  select,
  label: "late",
  categorical: ["origin", "destination", "hour"],
  numeric: "distance",
};
export const options = { lambda: 1e-2, tolerance: 1e-6, maxIterations: 200 } as const;
export const estimator: LogisticRegression = new LogisticRegression(options);
export const partitions = 3;

/** Has the cluster up while a file's tests run, and the flights beside it. */
export function onCluster(): void {
  before(async () => {
    await cluster.up();
    await sql([
      `COPY (SELECT *, substr(date, 5, 2) AS hour FROM '${flightsFile()}' LIMIT 20000) TO '${flights}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`,
    ]);
  });
  after(async () => {
    await (await packed)?.close();
    await cluster.down();
  });
}

export function engine(own: SparkOptions = {}): SparkEngine {
  return spark(cluster.address, { token: cluster.token, partitions, ...own });
}

/** None until a test wants it. */
let packed: Promise<ClusterTable> | undefined;
let whole: Promise<LinearModel>;

/** The flights on the cluster, encoded once. */
export async function flightsThere(): Promise<ClusterTable> {
  packed ??= engine().encode(table);
  return await packed;
}

/** The fit that nothing disturbs. */
export async function undisturbed(): Promise<LinearModel> {
  whole ??= (async () => estimator.fit(await flightsThere(), { engine: engine() }))();
  return await whole;
}

export function sameBits(ours: LinearModel, theirs: LinearModel): void {
  assert.deepEqual(ours.weights, theirs.weights);
  assert.deepEqual(ours.intercepts, theirs.intercepts);
  assert.equal(ours.fit.objective, theirs.fit.objective);
}

export function namesOf({ featureNames }: Pick<LinearModel, "featureNames">): readonly unknown[] {
  return Array.from({ length: featureNames.length }, (_, j) => featureNames.at(j));
}

/**
 * Two fits of one problem with a ridge: from the optimum each is within the root of twice its gap over the strength, since the
 * objective rises by half the strength times the square of the distance.
 */
export function near(ours: LinearModel, theirs: LinearModel, ridge: number = options.lambda): void {
  assert.deepEqual(ours.classes, theirs.classes);
  assert.deepEqual(namesOf(ours), namesOf(theirs));
  const [one, other] = [ours.fit.dualityGap, theirs.fit.dualityGap].map((gap) => Math.max(gap, 1e-12));
  const distance = Math.hypot(...ours.weights.map((w, j) => w - theirs.weights[j]));
  const most = Math.sqrt((2 * one) / ridge) + Math.sqrt((2 * other) / ridge);
  assert.ok(distance <= most, `${distance} apart, not ${most}`);
  const apart = ours.fit.objective - theirs.fit.objective;
  assert.ok(apart <= one && -apart <= other, `${apart}, by gaps of ${one} and ${other}`);
  assert.ok(ours.fit.converged && theirs.fit.converged, JSON.stringify(ours.fit.warnings));
}
