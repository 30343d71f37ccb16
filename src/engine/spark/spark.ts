import { listening } from "../../base/ambient-signal";
import { fail } from "../../base/errors";
import type { Watch } from "../../base/progress";
import { TableEncoder } from "../../frame/encoder";
import type { LinearModel } from "../../model/linear";
import type { Engine } from "../../train/engine";
import type { Settings } from "../../train/options";
import type { ConnectClient } from "./client";
import { Cluster } from "./cluster";
import { type ClusterRows, fitRows } from "./fit";
import { type Learnt, learn } from "./learn";
import { parseSpark, type SparkOptions, type SparkSettings } from "./options";
import { WorkerRounds } from "./rounds";
import { packSql, quotedTable, views } from "./sql";
import { encodeInSql, SqlRounds } from "./sql-rounds";
import { type CompleteSparkTable, parseSparkTable, type SparkTable } from "./table";
import { planFile } from "./worker/messages";
import { numbersOf } from "./worker/numbers";

/** Tables of an Apache Spark cluster, by Spark Connect. */
export class SparkEngine implements Engine<SparkTable | ClusterTable> {
  readonly #settings: SparkSettings;

  /** @throws `unknown-option`, `missing-option`, `invalid-option` */
  constructor(address: string, options: SparkOptions = {}) {
    this.#settings = parseSpark(address, options);
  }

  /**
   * Encodes a table and packs its rows in the executors' memory and disks, for several fits; close it at the end.
   * @throws `missing-dependency` without the packages of the client; `missing-column`, `invalid-label`, `invalid-data`,
   * `not-finite`, `empty-data` for what is wrong in the table; `invalid-file` for a source that is not there;
   * `invalid-option` for a token that the server refuses; `failed`; `cancelled`
   */
  async encode(table: SparkTable, watch: Watch = {}): Promise<ClusterTable> {
    const complete = parseSparkTable(table);
    const heard = listening(watch);
    const { signal } = heard;
    const cluster = new Cluster(this.#settings.connection, { ...this.#settings, signal });
    try {
      return await encoded(cluster, complete, this.#settings, heard);
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  /** Encodes a table unless it is encoded, fits, and removes what it packed. @throws as `encode`, and what `fitRows` throws */
  async fit(table: SparkTable | ClusterTable, settings: Settings, watch: Watch): Promise<LinearModel> {
    if (table instanceof ClusterTable) return await table.fit(settings, watch);
    const own = await this.encode(table, watch);
    try {
      return await own.fit(settings, watch);
    } finally {
      await own.close();
    }
  }
}

/** A table that was encoded on a cluster, until it is closed. */
export class ClusterTable {
  /** How the table became features; it is to be packed with the model. */
  readonly encoder: TableEncoder;
  /** The number of rows. */
  readonly rows: number;
  readonly #cluster: Cluster;
  readonly #data: ClusterRows;
  readonly #checkpoint: string | null;

  constructor(cluster: Cluster, data: ClusterRows, checkpoint: string | null) {
    this.#cluster = cluster;
    this.#data = data;
    this.#checkpoint = checkpoint;
    this.encoder = TableEncoder.fromState(data.state);
    this.rows = data.rows;
  }

  /** The rounds over all rows so far. */
  get rounds(): number {
    return this.#data.rounds.count;
  }

  /** Fits with the complete options of an estimator, see `SparkEngine.fit`. */
  async fit(settings: Settings, watch: Watch = {}): Promise<LinearModel> {
    return await fitRows(this.#data, settings, listening(watch), this.#checkpoint);
  }

  /** Takes the packed rows from the executors and ends the session. */
  async close(): Promise<void> {
    await this.#cluster.close((client) => client.run(`UNCACHE TABLE IF EXISTS ${views.packed}`));
  }
}

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
): Promise<ClusterTable> {
  const { signal } = watch;
  const tell = (done: number, message: string): void => {
    watch.onProgress?.({ step: "encode", done, total: 3, message });
  };
  tell(0, "opening the session");
  await cluster.prepare((client) => openRows(client, table, settings.partitions));
  tell(1, "checking values, learning levels");
  const learnt = await cluster.run((client) => learn(client, table, signal));
  const { state, rows } = learnt;
  tell(2, `packing ${rows} rows`);
  if (settings.compute === "sql") {
    const masses = await encodeInSql(cluster, table, learnt, signal);
    const rounds = new SqlRounds(cluster, learnt.plan.columns, rows, signal);
    return new ClusterTable(cluster, { rounds, state, masses, rows }, settings.checkpoint);
  }
  await cluster.prepare(async (client, place) => {
    await client.add([{ name: planFile, bytes: Buffer.from(JSON.stringify(learnt.plan)) }]);
    const query = packSql(place, table, learnt.types);
    await client.run(
      `CACHE LAZY TABLE ${views.packed} OPTIONS ('storageLevel' 'MEMORY_AND_DISK') AS ${query}`,
    );
  });
  const blocks = await cluster.run((client) =>
    client.rows(`SELECT part, seq, size, masses FROM ${views.packed} ORDER BY part, seq`, signal),
  );
  const { masses, partitions } = checkBlocks(blocks, learnt);
  tell(3, `${rows} rows in ${partitions} partitions`);
  const shape = {
    columns: learnt.plan.columns,
    valued: table.numeric.length > 0,
    rows,
    partitions,
  };
  const rounds = new WorkerRounds(cluster, shape, signal);
  return new ClusterTable(cluster, { rounds, state, masses, rows }, settings.checkpoint);
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
    const options: Record<string, string> =
      table.kind === "csv" ? { header: "true", escape: '"', mode: "FAILFAST" } : {};
    await client.viewOfFiles(views.source, table.kind, table.names, options);
  }
  const query = table.select ?? `SELECT * FROM ${views.source}`;
  await client.run(`CREATE OR REPLACE TEMPORARY VIEW ${views.rows} AS ${query}`);
}

/** The masses of the classes, added in the order of the blocks. @throws `failed` where rows were lost on their way */
function checkBlocks(
  blocks: readonly Readonly<Record<string, unknown>>[],
  { rows, plan }: Learnt,
): { masses: Float64Array; partitions: number } {
  const masses = new Float64Array(plan.classes);
  const partitions = new Set<number>();
  let packed = 0;
  for (const { part, size, masses: own } of blocks) {
    if (own === null)
      fail("failed", { thing: "packed block", value: "NULL", expected: "what a worker wrote" });
    partitions.add(Number(part));
    packed += Number(size);
    numbersOf(String(own)).forEach((mass, k) => {
      masses[k] += mass;
    });
  }
  if (packed !== rows) {
    fail("failed", {
      thing: "rows packed on the cluster",
      value: packed,
      expected: `${rows}, as were counted`,
      remedy:
        "Read a source that does not change, and look into the executors' logs for what ended a worker early.",
    });
  }
  return { masses, partitions: partitions.size };
}
