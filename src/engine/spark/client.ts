import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ChannelCredentials, Metadata, ServiceError } from "@grpc/grpc-js";
import type { RecordBatchReader } from "apache-arrow";
import { packageRoot } from "../../base/package-root";
import type { Address } from "./address";
import { type Artifact, artifactMessages } from "./artifacts";
import { refused } from "./complaints";
import { type SparkPackages, sparkPackages } from "./packages";

/** How to reach a server. */
export interface Connection {
  readonly address: Address;
  readonly token: string | null;
  /** PEM certificates to trust instead of the system's, `null` for those. */
  readonly certificates: Uint8Array | null;
}

/** A row of a result, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Spark's own limit of a message is 128 MiB; what is larger goes in pieces. */
const mostBytes = 1 << 30;
const mostInline = 8 * 1024 * 1024;

type Call = (request: object, metadata: Metadata, options: object, done: Answer) => { cancel(): void };
type Answer = (error: ServiceError | null, response: never) => void;

interface Stub {
  close(): void;
  Config: Call;
  Interrupt: Call;
  ReleaseSession: Call;
  ExecutePlan(request: object, metadata: Metadata): NodeJS.ReadableStream & { cancel(): void };
  AddArtifacts(metadata: Metadata, done: Answer): NodeJS.WritableStream;
}

interface ExecuteResponse {
  readonly server_side_session_id: string;
  readonly arrow_batch?: { readonly data: Uint8Array } | null;
}

/**
 * A session of Spark Connect: SQL in, rows out, and files to the executors. Queries that are lost with the server or the
 * session reject with an error for which `isLost` holds, and can be asked again of a new session.
 */
export class ConnectClient {
  /** The name of the session. */
  readonly session: string = randomUUID();
  readonly #packages: SparkPackages;
  readonly #connection: Connection;
  readonly #stub: Stub;
  #serverSession = "";

  /** @throws `missing-dependency` */
  constructor(connection: Connection) {
    const packages = sparkPackages();
    this.#packages = packages;
    this.#connection = connection;
    const { host, port } = connection.address;
    const name = host.includes(":") ? `[${host}]` : host;
    this.#stub = new (serviceOf(packages))(`${name}:${port}`, this.#credentials(), {
      "grpc.max_receive_message_length": mostBytes,
      "grpc.max_send_message_length": mostBytes,
      "grpc.use_local_subchannel_pool": 1,
    }) as unknown as Stub;
  }

  /** What the server calls the session, which is where it puts the session's files. */
  get serverSession(): string {
    return this.#serverSession;
  }

  /** The address as it is shown. */
  get shown(): string {
    const { host, port } = this.#connection.address;
    return `sc://${host}:${port}`;
  }

  /** Sets options of the session; they belong to it alone. */
  async configure(pairs: Readonly<Record<string, string>>): Promise<void> {
    const set = { pairs: Object.entries(pairs).map(([key, value]) => ({ key, value })) };
    await this.#unary("Config", { operation: { set } });
  }

  /** An option of the session, `null` where it is not set. */
  async setting(key: string): Promise<string | null> {
    const { pairs } = await this.#unary<{ pairs: { value?: string }[] }>("Config", {
      operation: { get: { keys: [key] } },
    });
    return pairs[0]?.value ?? null;
  }

  /** The rows of a query. */
  async rows(sql: string, signal?: AbortSignal): Promise<Row[]> {
    const batches = await this.#execute({ root: { sql: { query: sql } } }, signal);
    return batches.flatMap((bytes) => this.#decoded(bytes));
  }

  /** Runs a statement that gives no rows, such as CACHE TABLE, at once. */
  async run(sql: string, signal?: AbortSignal): Promise<void> {
    await this.#execute({ command: { sql_command: { input: { sql: { query: sql } } } } }, signal);
  }

  /** Names the files of a source as a temporary view. */
  async viewOfFiles(
    name: string,
    format: string,
    paths: readonly string[],
    options: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#view(name, { read: { data_source: { format, options, paths } } });
  }

  /** Names rows of texts and numbers that the client has as a temporary view. */
  async viewOfRows(
    name: string,
    columns: Readonly<Record<string, readonly (string | number)[]>>,
  ): Promise<void> {
    const { arrow } = this.#packages;
    const vectors = Object.entries(columns).map(
      ([key, values]) =>
        [
          key,
          typeof values[0] === "number"
            ? arrow.vectorFromArray(values as number[], new arrow.Int32())
            : arrow.vectorFromArray(values as string[], new arrow.Utf8()),
        ] as const,
    );
    const data = arrow.tableToIPC(new arrow.Table(Object.fromEntries(vectors)), "stream");
    if (data.length <= mostInline) return await this.#view(name, { local_relation: { data } });
    const hash = createHash("sha256").update(data).digest("hex");
    await this.add([{ name: `cache/${hash}`, bytes: data }], "");
    await this.#view(name, { chunked_cached_local_relation: { dataHashes: [hash] } });
  }

  /** Sends files to the server, which hands them to the executors. */
  async add(artifacts: readonly Artifact[], folder: string = "files/"): Promise<void> {
    const metadata = this.#metadata();
    await new Promise<void>((resolve, reject) => {
      const call = this.#stub.AddArtifacts(
        metadata,
        (
          error,
          response: { artifacts?: { is_crc_successful: boolean }[]; server_side_session_id: string },
        ) => {
          if (error !== null) return reject(error);
          this.#serverSession = response.server_side_session_id;
          if (response.artifacts?.some(({ is_crc_successful }) => !is_crc_successful)) {
            return reject(new Error("a file was changed on its way to the server"));
          }
          resolve();
        },
      );
      call.on("error", reject);
      for (const message of artifactMessages(artifacts, folder)) {
        call.write({ ...this.#named(), ...message } as never);
      }
      call.end();
    });
  }

  /** Stops what the session runs. */
  async interrupt(): Promise<void> {
    await this.#unary("Interrupt", { interrupt_type: "INTERRUPT_TYPE_ALL" });
  }

  /** Ends the session and the connection; a server that is gone is no fault then. */
  async close(): Promise<void> {
    try {
      if (this.#serverSession !== "") await this.#unary("ReleaseSession", {}, 5000);
    } catch {
      // The server ends sessions that nobody uses by itself.
    } finally {
      this.#stub.close();
    }
  }

  /** Closes the connection and leaves the session, for servers that are gone. */
  drop(): void {
    this.#stub.close();
  }

  async #view(name: string, input: object): Promise<void> {
    await this.#execute({
      command: { create_dataframe_view: { input, name, is_global: false, replace: true } },
    });
  }

  async #execute(plan: object, signal?: AbortSignal): Promise<Uint8Array[]> {
    const metadata = this.#metadata();
    const batches: Uint8Array[] = [];
    await new Promise<void>((resolve, reject) => {
      const call = this.#stub.ExecutePlan({ ...this.#named(), plan }, metadata);
      const stop = (): void => {
        void this.interrupt().catch(() => undefined);
        call.cancel();
      };
      const over = (): void => signal?.removeEventListener("abort", stop);
      signal?.addEventListener("abort", stop);
      call.on("data", (response: ExecuteResponse) => {
        this.#serverSession = response.server_side_session_id;
        if (response.arrow_batch) batches.push(response.arrow_batch.data);
      });
      call.on("error", (error) => {
        over();
        reject(error);
      });
      call.on("end", () => {
        over();
        resolve();
      });
      if (signal?.aborted) stop();
    });
    return batches;
  }

  #decoded(bytes: Uint8Array): Row[] {
    const reader = this.#packages.arrow.RecordBatchReader.from(bytes) as RecordBatchReader;
    const rows: Row[] = [];
    for (const batch of reader) {
      for (let i = 0; i < batch.numRows; i++) {
        rows.push(
          Object.fromEntries(batch.schema.fields.map(({ name }, k) => [name, batch.getChildAt(k)?.get(i)])),
        );
      }
    }
    return rows;
  }

  async #unary<R>(
    name: "Config" | "Interrupt" | "ReleaseSession",
    request: object,
    deadline = 60_000,
  ): Promise<R> {
    const metadata = this.#metadata();
    return await new Promise<R>((resolve, reject) => {
      const options = { deadline: Date.now() + deadline };
      this.#stub[name]({ ...this.#named(), ...request }, metadata, options, (error, response: never) => {
        if (error !== null) return reject(error);
        this.#serverSession ||= (response as { server_side_session_id: string }).server_side_session_id;
        resolve(response as R);
      });
    });
  }

  #named(): object {
    const user = { user_id: "logitpress", user_name: "logitpress" };
    const known = this.#serverSession;
    return {
      session_id: this.session,
      user_context: user,
      client_type: "logitpress",
      ...(known === "" ? {} : { client_observed_server_side_session_id: known }),
    };
  }

  #metadata(): Metadata {
    const metadata = new this.#packages.grpc.Metadata();
    const { token } = this.#connection;
    if (token !== null) metadata.set("authorization", `Bearer ${token}`);
    return metadata;
  }

  #credentials(): ChannelCredentials {
    const { credentials } = this.#packages.grpc;
    const { address, certificates } = this.#connection;
    if (!address.tls) return credentials.createInsecure();
    return credentials.createSsl(certificates === null ? null : Buffer.from(certificates));
  }

  /** Throws what a call threw as an error of the library. */
  refuse(error: unknown): never {
    return refused(error, this.shown);
  }
}

let service: Service | undefined;

function serviceOf(packages: SparkPackages): Service {
  service ??= loadService(packages);
  return service;
}

type Service = new (address: string, credentials: ChannelCredentials, options: object) => unknown;

function loadService({ grpc, loader }: SparkPackages): Service {
  const path = join(packageRoot(), "src/engine/spark/proto/connect.proto");
  const definition = loader.loadSync(path, { keepCase: true, longs: Number, enums: String, oneofs: false });
  const { spark } = grpc.loadPackageDefinition(definition) as never as {
    spark: { connect: { SparkConnectService: Service } };
  };
  return spark.connect.SparkConnectService;
}
