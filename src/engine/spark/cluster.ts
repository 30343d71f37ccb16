import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../base/errors";
import { checkCancelled } from "../../base/progress";
import type { Artifact } from "./artifacts";
import { bundle } from "./bundle";
import { ConnectClient, type Connection } from "./client";
import { isLost, refused } from "./complaints";
import { probeSql, type WorkerPlace } from "./sql";

/** What a session needs before it can work, done again in each new one. */
type Preparation = (client: ConnectClient, place: WorkerPlace) => Promise<void>;

/** Options of a session without which sums could take another order, or blocks of rows would be gathered into one. */
const settings = {
  "spark.sql.adaptive.enabled": "false",
  "spark.sql.session.timeZone": "UTC",
  "spark.sql.inMemoryColumnarStorage.compressed": "false",
  "spark.sql.inMemoryColumnarStorage.batchSize": "1",
  "spark.sql.files.maxPartitionBytes": "134217728",
  "spark.sql.files.openCostInBytes": "4194304",
};

/** The oldest Node that the worker runs on. */
const oldestNode = 20;

/**
 * A session on a cluster that is opened anew when the server or the session is lost, with all that was prepared, and the work
 * under way asked for again.
 */
export class Cluster {
  readonly #connection: Connection;
  readonly #node: string;
  readonly #patience: number;
  readonly #scripts: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #preparations: Preparation[] = [];
  #client: ConnectClient | null = null;
  #closed = false;
  /** Sessions opened so far. */
  sessions = 0;

  /**
   * @param options `patience`: how many seconds to wait for a server that is gone; `compute`: whether scripts are run
   */
  constructor(
    connection: Connection,
    options: {
      node: string;
      patience: number;
      compute?: "worker" | "sql";
      signal?: AbortSignal | undefined;
    },
  ) {
    this.#connection = connection;
    this.#node = options.node;
    this.#patience = options.patience;
    this.#scripts = options.compute !== "sql";
    this.#signal = options.signal;
  }

  /** Does what a session needs, now and in each later session. */
  async prepare(preparation: Preparation): Promise<void> {
    await this.run(preparation);
    this.#preparations.push(preparation);
  }

  /** Works in the session; where that is lost, in a new one, until the patience ends. @throws `cancelled`, `failed` */
  async run<T>(work: (client: ConnectClient, place: WorkerPlace) => Promise<T>): Promise<T> {
    let deadline = Number.POSITIVE_INFINITY;
    let worked = this.#client !== null;
    for (;;) {
      checkCancelled(this.#signal, "fit");
      // Else a fit beside one that failed would open a session that nobody ends.
      if (this.#closed) fail("failed", { thing: "work on the cluster: its table is closed" });
      try {
        const client = this.#client ?? (await this.#open());
        worked = true;
        return await work(client, { node: this.#node, folder: client.serverSession });
      } catch (error) {
        checkCancelled(this.#signal, "fit");
        if (!isLost(error)) this.#refuse(error);
        this.#client?.drop();
        this.#client = null;
        if (deadline === Number.POSITIVE_INFINITY) deadline = performance.now() + 1000 * this.#patience;
        // A server that never answered is an address to correct, not a loss to wait out.
        if (!worked || performance.now() > deadline) this.#refuse(error);
        await pause(1000, this.#signal);
      }
    }
  }

  /** Ends the session, after what it leaves behind was taken away, for good. */
  async close(farewell: (client: ConnectClient) => Promise<void> = async () => {}): Promise<void> {
    this.#closed = true;
    const client = this.#client;
    this.#client = null;
    if (client === null) return;
    await farewell(client).catch(() => undefined);
    await client.close();
  }

  async #open(): Promise<ConnectClient> {
    const client = new ConnectClient(this.#connection);
    try {
      await client.configure(settings);
      const place = await this.#placed(client);
      this.sessions++;
      for (const preparation of this.#preparations) await preparation(client, place);
    } catch (error) {
      client.drop();
      throw error;
    }
    this.#client = client;
    return client;
  }

  /** Puts the worker on the executors, where it is wanted. */
  async #placed(client: ConnectClient): Promise<WorkerPlace> {
    if (!this.#scripts) return { node: this.#node, folder: client.serverSession };
    await client.add(workerFiles());
    const place = { node: this.#node, folder: client.serverSession };
    for (const { version } of await client.rows(probeSql(place), this.#signal)) {
      if (Number(/^v(\d+)/.exec(String(version))?.[1]) >= oldestNode) continue;
      fail("missing-dependency", {
        thing: "Node on the executors",
        value: String(version),
        expected: `version ${oldestNode} or newer`,
        remedy: "Install it on every executor, or name where it is: spark(address, { node }).",
      });
    }
    return place;
  }

  #refuse(error: unknown): never {
    const { host, port } = this.#connection.address;
    return refused(error, `sc://${host}:${port}`);
  }
}

let worker: readonly Artifact[] | undefined;

/** The worker as executors get it: one script, and the kernels beside it. */
export function workerFiles(): readonly Artifact[] {
  worker ??= [
    { name: "worker.cjs", bytes: Buffer.from(bundle(join(__dirname, "worker", "main.js"))) },
    { name: "kernels.wasm", bytes: readFileSync(join(__dirname, "../../simd/kernels.wasm")) },
  ];
  return worker;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
