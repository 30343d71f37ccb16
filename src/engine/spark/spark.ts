import { listening } from "../../base/ambient-signal";
import { shownAs } from "../../base/display";
import { fail } from "../../base/errors";
import { grouped } from "../../base/grouped";
import type { Watch } from "../../base/progress";
import type { CrossValidateEngine, CrossValidateOptions } from "../../evaluate/cross-validate";
import type { TableEncoder } from "../../frame/encoder";
import { type EncoderState, textWidth, widthOf } from "../../frame/encoder-state";
import { scaleOf } from "../../frame/fit-encoder";
import { inverseFrequencies } from "../../frame/vocabulary";
import type { LinearModel } from "../../model/linear";
import type { CrossValidation } from "../../train/cross-validation-result";
import type { PathEngine } from "../../train/engine";
import type { Settings } from "../../train/options";
import type { PathOptions } from "../../train/path";
import type { RegularizationPath } from "../../train/regularization-path";
import type { ConnectClient } from "./client";
import { Cluster } from "./cluster";
import { ClusterTable } from "./cluster-table";
import { type Learnt, learn } from "./learn";
import { parseSpark, type SparkOptions, type SparkSettings } from "./options";
import { WorkerRounds } from "./rounds";
import { cellsSql, packSql, quotedTable, views } from "./sql";
import { encodeInSql, refuseInSql, SqlRounds } from "./sql-rounds";
import { type CompleteSparkTable, parseSparkTable, type SparkTable } from "./table";
import { hasValues, planFile } from "./worker/messages";
import { numbersOf } from "./worker/numbers";

/** Tables of an Apache Spark cluster, by Spark Connect. */
export class SparkEngine
  implements PathEngine<SparkTable | ClusterTable>, CrossValidateEngine<SparkTable | ClusterTable>
{
  /** Where the server listens. */
  readonly address: string;
  /** The options that were given, but for the token; those left out have their defaults. */
  readonly options: Omit<SparkOptions, "token">;
  readonly #settings: SparkSettings;

  /** @throws `unknown-option`, `missing-option`, `invalid-option` */
  constructor(address: string, options: SparkOptions = {}) {
    this.#settings = parseSpark(address, options);
    const { token: _, ...shown } = options;
    this.address = address;
    this.options = shown;
  }

  /**
   * Encodes a table and packs its rows in the executors' memory and disks, for several fits and evaluations; close it at the end.
   * @param like an encoder to go by, e.g. that of training rows for test rows; left out, one is learnt
   * @throws `missing-dependency` without the packages of the client; `missing-column`, `invalid-label`, `invalid-data`,
   * `not-finite`, `empty-data` for what is wrong in the table; `invalid-file` for a source that is not there;
   * `invalid-option` for a token that the server refuses; `failed`; `cancelled`
   */
  async encode(table: SparkTable, watch: Watch = {}, like?: TableEncoder): Promise<ClusterTable> {
    const complete = parseSparkTable(table);
    const heard = listening(watch);
    const { signal } = heard;
    const cluster = new Cluster(this.#settings.connection, { ...this.#settings, signal });
    try {
      return await encoded(cluster, complete, this.#settings, heard, like);
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** Encodes a table unless it is encoded, fits, and removes what it packed. @throws as `encode`, and what `ClusterTable.fit` throws */
  async fit(table: SparkTable | ClusterTable, settings: Settings, watch: Watch): Promise<LinearModel> {
    return await this.#on(table, watch, (own) => own.fit(settings, watch));
  }

  /** As `fit`, a path of fits. */
  async path(
    table: SparkTable | ClusterTable,
    options: PathOptions,
    watch: Watch,
  ): Promise<RegularizationPath> {
    return await this.#on(table, watch, (own) => own.path(options, watch));
  }

  /** As `fit`, a cross-validation. */
  async crossValidate(
    table: SparkTable | ClusterTable,
    options: CrossValidateOptions,
    watch: Watch,
  ): Promise<CrossValidation> {
    return await this.#on(table, watch, (own) => own.crossValidate(options, watch));
  }

  async #on<T>(
    table: SparkTable | ClusterTable,
    watch: Watch,
    work: (table: ClusterTable) => Promise<T>,
  ): Promise<T> {
    if (table instanceof ClusterTable) return await work(table);
    const own = await this.encode(table, watch);
    try {
      return await work(own);
    } finally {
      await own.close();
    }
  }
}

shownAs("spark", SparkEngine);

/**
 * The engine for tables beyond one machine: `fit(table, { engine: spark("sc://host:port", { token }) })`. Executors run the
 * library's kernels in Node; the answer is that of the other engines to summation order, and the same bits each time. Needs
 * the packages `@grpc/grpc-js`, `@grpc/proto-loader` and `apache-arrow`.
 * @param address `sc://host:port`, with `/;use_ssl=true` beyond this machine
 * @throws `unknown-option`, `missing-option`, `invalid-option`
 */
export function spark(address: string, options: SparkOptions = {}): SparkEngine {
  return new SparkEngine(address, options);
}

async function encoded(
  cluster: Cluster,
  table: CompleteSparkTable,
  settings: SparkSettings,
  watch: Watch,
  like: TableEncoder | undefined,
): Promise<ClusterTable> {
  const { signal } = watch;
  if (settings.compute === "sql") refuseInSql(table);
  const tell = (done: number, message: string): void => {
    watch.onProgress?.({ step: "encode", done, total: 3, message });
  };
  tell(0, "opening the session");
  await cluster.prepare((client) => openRows(client, table, settings.partitions));
  tell(1, "checking values, learning levels");
  const learnt = await cluster.run((client, place) => learn(client, place, table, like?.state(), signal));
  const { state, rows } = learnt;
  tell(2, `packing ${grouped(rows)} rows`);
  if (settings.compute === "sql") {
    const masses = await encodeInSql(cluster, table, learnt, signal);
    const rounds = new SqlRounds(cluster, learnt.plan.columns, rows, signal);
    return new ClusterTable(cluster, { rounds, state, scale: null, masses, rows }, settings.checkpoint);
  }
  await cluster.prepare(async (client, place) => {
    await client.add([{ name: planFile, bytes: Buffer.from(JSON.stringify(learnt.plan)) }]);
    const query = packSql(place, table, learnt.types, state.blocks ?? []);
    await client.run(
      `CACHE LAZY TABLE ${views.packed} OPTIONS ('storageLevel' 'MEMORY_AND_DISK') AS ${query}`,
    );
  });
  const blocks = await cluster.run((client) =>
    client.rows(`SELECT part, seq, size, nonzeros, masses FROM ${views.packed} ORDER BY part, seq`, signal),
  );
  const { masses, nonzeros, partitions, firsts } = checkBlocks(blocks, learnt);
  tell(3, `${grouped(rows)} rows in ${partitions} partitions`);
  const { columns, classes } = learnt.plan;
  const valued = hasValues(learnt.plan);
  const shape = { columns, classes, valued, rows, nonzeros, partitions, firsts };
  const rounds = new WorkerRounds(cluster, shape, signal);
  const scale = like === undefined ? await rarities(rounds, table, state, rows) : like.scale;
  return new ClusterTable(cluster, { rounds, state, scale, masses, rows }, settings.checkpoint);
}

/** The inverse document frequencies, where a column of text has any: one round. */
async function rarities(
  rounds: WorkerRounds,
  { text }: CompleteSparkTable,
  state: EncoderState,
  rows: number,
): Promise<Float32Array | null> {
  if (!text.some(({ tfidf }) => tfidf)) return null;
  const counts = await rounds.counts();
  let end = widthOf({ ...state, blocks: [] });
  const frequencies = [...state.text.keys()].reverse().map((k) => {
    const from = end - textWidth(state.text[k]);
    const own = text[k].tfidf ? inverseFrequencies(counts.subarray(from, end), rows) : null;
    end = from;
    return own;
  });
  return scaleOf(state, frequencies.reverse());
}

async function openRows(client: ConnectClient, table: CompleteSparkTable, partitions: number): Promise<void> {
  await client.configure({
    "spark.sql.files.minPartitionNum": String(partitions),
    "spark.sql.shuffle.partitions": "8",
  });
  if (table.kind === "table") {
    await client.run(
      `CREATE OR REPLACE TEMPORARY VIEW ${views.source} AS SELECT * FROM ${quotedTable(table.names[0])}`,
    );
  } else {
    const csv = table.kind === "csv";
    const options: Record<string, string> = csv ? { header: "true", escape: '"', mode: "FAILFAST" } : {};
    await client.viewOfFiles(csv ? views.cells : views.source, table.kind, table.names, options);
    if (csv) {
      const described = await client.rows(`DESCRIBE TABLE ${views.cells}`);
      await client.run(cellsSql(described.map(({ col_name }) => String(col_name))));
    }
  }
  const query = table.select ?? `SELECT * FROM ${views.source}`;
  await client.run(`CREATE OR REPLACE TEMPORARY VIEW ${views.rows} AS ${query}`);
}

/**
 * The masses of the classes, added in the order of the blocks, and the numbers of the partitions' first rows.
 * @throws `failed` where rows were lost on their way
 */
function checkBlocks(
  blocks: readonly Readonly<Record<string, unknown>>[],
  { rows, plan }: Learnt,
): { masses: Float64Array; nonzeros: number; partitions: number; firsts: number[] } {
  const masses = new Float64Array(plan.classes);
  const firsts: number[] = [];
  let partitions = 0;
  let packed = 0;
  let nonzeros = 0;
  for (const { part, size, nonzeros: stored, masses: own } of blocks) {
    if (own === null)
      fail("failed", { thing: "packed block", value: "NULL", expected: "what a worker wrote" });
    if (firsts[Number(part)] === undefined) {
      firsts[Number(part)] = packed;
      partitions++;
    }
    packed += Number(size);
    nonzeros += Number(stored);
    numbersOf(String(own)).forEach((mass, k) => {
      masses[k] += mass;
    });
  }
  if (packed !== rows) {
    fail("failed", {
      thing: "rows packed on the cluster",
      value: packed,
      expected: `${grouped(rows)}, as were counted`,
      remedy:
        "Read a source that does not change, and look into the executors' logs for what ended a worker early.",
    });
  }
  return { masses, nonzeros, partitions, firsts };
}
