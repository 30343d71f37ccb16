import { fail } from "../../base/errors";
import type { Aggregate, AggregateState, Operation } from "../aggregate";
import { planColumns } from "../table-spec";
import type { Cluster } from "./cluster";
import type { ClusterRounds } from "./cluster-rounds";
import type { Learnt } from "./learn";
import { numberSql, quoted, views } from "./sql";
import type { CompleteSparkTable } from "./table";

const levels = "logitpress_levels";
const empty = new Float64Array(0);

/** Numbers of what is summed beside the parameters, as parameters below zero: -1 is for levels without a feature. */
const scalars = [-2, -3, -4, -5, -6] as const;

/**
 * Sums over the rows of a cluster in Spark's SQL alone, for where scripts are forbidden: several times slower than the
 * workers, and in an order that Spark chooses, so that the last bits differ from time to time.
 */
export class SqlRounds implements ClusterRounds {
  readonly columns: number;
  readonly start = null;
  readonly counts = null;
  readonly sample = null;
  readonly curved = false;
  readonly #cluster: Cluster;
  readonly #rows: number;
  readonly #signal: AbortSignal | undefined;
  count = 0;

  constructor(cluster: Cluster, columns: number, rows: number, signal?: AbortSignal) {
    this.#cluster = cluster;
    this.columns = columns;
    this.#rows = rows;
    this.#signal = signal;
  }

  async scores(): Promise<never> {
    return needsWorkers("judging models");
  }

  async masses(): Promise<never> {
    return needsWorkers("folds");
  }

  /** All sums are taken, whatever is asked for: leaving some out would save little here. */
  async aggregate(operation: Operation, state: AggregateState): Promise<Aggregate> {
    if (state.loss.kind !== "logistic") return needsWorkers("softmax");
    if (operation.kind === "curvature") return needsWorkers("Hessians");
    if (operation.kind === "changes") return needsWorkers("moves of codes");
    const { positive } = state.loss;
    this.count++;
    const sent = { header: [""], parameters: [JSON.stringify(Array.from(state.parameters))] };
    const rows = await this.#cluster.run(async (client) => {
      await client.viewOfRows(views.state, sent);
      return await client.rows(sumsSql(operation, positive, state.factors), this.#signal);
    });
    const sums = new Float64Array(this.columns + 1);
    const beside = new Float64Array(scalars.length);
    let seen = 0;
    for (const { j, total, size } of rows) {
      if (Number(j) === scalars[0]) seen = Number(size);
      if (Number(j) >= 0) sums[Number(j)] = Number(total);
      else beside[scalars.indexOf(Number(j) as (typeof scalars)[number])] = Number(total);
    }
    if (seen !== this.#rows)
      fail("failed", { thing: "rows in a round", value: seen, expected: String(this.#rows) });
    const diagonal = operation.kind === "diagonal";
    return {
      rows: seen,
      loss: beside[0],
      gradient: diagonal || operation.kind === "divergence" ? empty : sums,
      curvature: diagonal ? sums : empty,
      sides: beside.slice(1),
    };
  }
}

/** Refuses what workers alone do. */
export function needsWorkers(thing: string): never {
  return fail("invalid-option", {
    thing: `compute for ${thing}`,
    value: "sql",
    expected: "worker",
    remedy:
      'With compute "sql" columns are numeric or categorical, and there are fits of the penalties "l2" and "none" and, with solver "lbfgs", of "l1" and "elasticnet".',
  });
}

/** Refuses columns that workers alone encode. @throws `invalid-option` */
export function refuseInSql({ text, blocks, missing }: CompleteSparkTable): void {
  const [first] = blocks;
  if (text.length > 0) needsWorkers("text");
  if (first !== undefined) needsWorkers(`${first.kind} of ${planColumns(first).join(" & ")}`);
  if (missing === "indicator") needsWorkers('missing: "indicator"');
}

/** Encodes the rows in Spark's memory and gives the sum of weights of each class. */
export async function encodeInSql(
  cluster: Cluster,
  table: CompleteSparkTable,
  { plan, types }: Learnt,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const labels = plan.labels.cells.map((cell, k) => ({ k: 0, cell, feature: plan.labels.numbers[k] }));
  const cells = plan.categorical.flatMap(({ cells: own, features }, at) =>
    own.map((cell, k) => ({ k: at + 1, cell, feature: features[k] })),
  );
  const all = [...labels, ...cells];
  await cluster.prepare(async (client) => {
    await client.viewOfRows(levels, {
      k: all.map(({ k }) => k),
      cell: all.map(({ cell }) => cell),
      feature: all.map(({ feature }) => feature),
    });
    const query = encodedSql(table, types, plan.numeric, plan.columns);
    await client.run(
      `CACHE LAZY TABLE ${views.packed} OPTIONS ('storageLevel' 'MEMORY_AND_DISK') AS ${query}`,
    );
  });
  const rows = await cluster.run((client) =>
    client.rows(`SELECT label, sum(weight) AS mass FROM ${views.packed} GROUP BY label`, signal),
  );
  const masses = new Float64Array(plan.classes);
  for (const { label, mass } of rows) masses[Number(label)] = Number(mass);
  return masses;
}

function encodedSql(
  table: CompleteSparkTable,
  types: ReadonlyMap<string, string>,
  moments: readonly { readonly mean: number; readonly scale: number }[],
  columns: number,
): string {
  const { label, weights } = table;
  const [numeric, categorical] = [table.numeric, table.categorical].map((list) =>
    list.map(({ name }) => name),
  );
  const coded = [label, ...categorical];
  const joins = coded.map(
    (name, k) =>
      `LEFT JOIN (SELECT cell, feature FROM ${levels} WHERE k = ${k}) l${k} ON CAST(r.${quoted(name)} AS STRING) = l${k}.cell`,
  );
  // Values are 32-bit floats, as they are where they are packed.
  const values = numeric.map((name, k) => {
    const { mean, scale } = moments[k];
    const x = numberSql(name, types.get(name)!);
    return `CAST(CAST((coalesce(nanvl(${x}, double('${mean}')), double('${mean}')) - double('${mean}')) / double('${scale}') AS FLOAT) AS DOUBLE)`;
  });
  const js = [
    ...numeric.map((_, k) => String(k)),
    ...categorical.map((_, k) => `coalesce(l${k + 1}.feature, -1)`),
  ];
  const xs = [...values, ...categorical.map((_, k) => `IF(l${k + 1}.feature >= 0, 1D, 0D)`)];
  const weight = weights === null ? "1D" : numberSql(weights, types.get(weights)!);
  const hints = coded.map((_, k) => `l${k}`).join(", ");
  return `SELECT /*+ BROADCAST(${hints}) */ l0.feature AS label, ${weight} AS weight, array(${[...js, columns].join(", ")}) AS js, array(${[...xs, "1D"].join(", ")}) AS xs FROM ${views.rows} r ${joins.join(" ")}`;
}

/** The statement of a round; the formulas are those of the kernels of the same names. */
function sumsSql(operation: Operation, positive: number, factors: Float64Array): string {
  const share = Array.from(factors, (factor, k) => `WHEN ${k} THEN double('${factor}')`).join(" ");
  const margins = `SELECT e.js, e.xs, e.weight * CASE e.label ${share} END AS share, IF(e.label = ${positive}, -1D, 1D) AS side, aggregate(zip_with(e.js, e.xs, (j, x) -> IF(j < 0, 0D, s.w[j] * x)), 0D, (a, b) -> a + b) AS margin FROM ${views.packed} e CROSS JOIN (SELECT from_json(parameters, 'array<double>') AS w FROM ${views.state}) s`;
  const odds = `SELECT *, 1D / (1D + exp(-side * margin)) AS wrong, 1D / (1D + exp(side * margin)) AS right, greatest(side * margin, 0D) + log1p(exp(-abs(margin))) AS loss FROM (${margins})`;
  const parts = `SELECT *, side * share * wrong AS r, share * wrong * right AS h FROM (${odds})`;
  const { each, beside } = termsOf(operation);
  const term = (j: string | number, value: string): string => `named_struct('j', ${j}, 'value', ${value})`;
  const more = scalars.map((j, k) => term(j, beside[k])).join(", ");
  const terms = `concat(zip_with(js, xs, (j, x) -> ${term("j", each)}), array(${more}))`;
  return `SELECT j, sum(value) AS total, count(*) AS size FROM (SELECT inline(${terms}) FROM (${parts})) WHERE j <> -1 GROUP BY j`;
}

function termsOf(operation: Operation): { each: string; beside: readonly string[] } {
  const zeros = ["0D", "0D", "0D", "0D"];
  if (operation.kind === "diagonal") return { each: "h * x * x", beside: ["0D", ...zeros] };
  if (operation.kind === "absolute") return { each: "abs(r * x)", beside: ["0D", ...zeros] };
  if (operation.kind === "gradient") {
    const cube = "coalesce(try_divide(abs(r) * abs(r) * abs(r), share * h), 0D)";
    const sides = [
      "IF(r < 0, abs(r), 0D)",
      `IF(r < 0, ${cube}, 0D)`,
      "IF(r < 0, 0D, abs(r))",
      `IF(r < 0, 0D, ${cube})`,
    ];
    return { each: "r * x", beside: ["share * loss", ...sides] };
  }
  const { below, above } =
    "dual" in operation && operation.dual.kind === "sides" ? operation.dual : { below: 1, above: 1 };
  if (operation.kind === "correlate") {
    return { each: `IF(r < 0, double('${below}'), double('${above}')) * r * x`, beside: ["0D", ...zeros] };
  }
  const scale = operation.kind === "divergence" ? operation.factor : 1;
  const of = (factor: number): string =>
    factor === 1
      ? "0D"
      : `share * greatest(0D, double('${factor > 0 ? factor * Math.log(factor) : 0}') * wrong + (1D - double('${factor}') * wrong) * log1p(double('${1 - factor}') * wrong / right))`;
  return { each: "0D", beside: [`IF(r < 0, ${of(scale * below)}, ${of(scale * above)})`, ...zeros] };
}
