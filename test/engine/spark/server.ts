import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { crc32 } from "../../../src/pack/crc32";
import { root } from "../../python";

interface Sent {
  readonly name: string;
  readonly data: { readonly data: Buffer; readonly crc: number };
}

interface Artifacts {
  readonly batch?: { readonly artifacts: readonly Sent[] };
  readonly begin_chunk?: {
    readonly name: string;
    readonly num_chunks: number;
    readonly initial_chunk: Sent["data"];
  };
  readonly chunk?: Sent["data"];
}

interface Plan {
  readonly root?: { readonly sql?: { readonly query: string } };
  readonly command?: {
    readonly sql_command?: { readonly input: { readonly sql: { readonly query: string } } };
  };
}

/** A server that speaks Spark Connect and has no Spark: it answers each query with its number, and can be lost. */
export class FakeServer {
  readonly token: string = "right";
  readonly queries: string[] = [];
  readonly settings: Record<string, string> = {};
  readonly artifacts: Map<string, Buffer> = new Map();
  readonly sessions: Set<string> = new Set();
  released: number = 0;
  /** What executors say of their Node. */
  node: string = "v20.20.2";
  /** What the next queries fail with. */
  readonly faults: Partial<grpc.StatusObject>[] = [];
  port: number = 0;
  #server = new grpc.Server();

  async listen(port: number = 0): Promise<void> {
    const definition = loadSync(join(root, "src/engine/spark/proto/connect.proto"), {
      keepCase: true,
      longs: Number,
      oneofs: false,
    });
    const { spark } = grpc.loadPackageDefinition(definition) as never as {
      spark: { connect: { SparkConnectService: { service: grpc.ServiceDefinition } } };
    };
    this.#server = new grpc.Server();
    this.#server.addService(spark.connect.SparkConnectService.service, {
      Config: this.#unary((request: { operation: { set?: { pairs: { key: string; value: string }[] } } }) => {
        for (const { key, value } of request.operation.set?.pairs ?? []) this.settings[key] = value;
        return {};
      }),
      ReleaseSession: this.#unary(() => {
        this.released++;
        return {};
      }),
      Interrupt: this.#unary(() => ({})),
      ExecutePlan: (call: grpc.ServerWritableStream<{ plan: Plan; session_id: string }, object>) =>
        this.#execute(call),
      AddArtifacts: (call: grpc.ServerReadableStream<Artifacts, object>, done: grpc.sendUnaryData<object>) =>
        this.#receive(call, done),
    });
    this.port = await new Promise((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      this.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
  }

  /** Ends at once, calls under way with it. */
  kill(): void {
    this.#server.forceShutdown();
  }

  #refuses(call: { readonly metadata: grpc.Metadata }): boolean {
    return call.metadata.get("authorization")[0] !== `Bearer ${this.token}`;
  }

  #unary<Request>(
    answer: (request: Request) => object,
  ): grpc.handleUnaryCall<Request & { session_id: string }, object> {
    return (call, done) => {
      if (this.#refuses(call)) return done({ code: grpc.status.UNAUTHENTICATED, details: "Invalid token" });
      this.sessions.add(call.request.session_id);
      done(null, { ...answer(call.request), server_side_session_id: `server-${this.port}` });
    };
  }

  #execute(call: grpc.ServerWritableStream<{ plan: Plan; session_id: string }, object>): void {
    if (this.#refuses(call)) {
      call.emit("error", { code: grpc.status.UNAUTHENTICATED, details: "Invalid token" });
      return;
    }
    const { root: query, command } = call.request.plan;
    const text = query?.sql?.query ?? command?.sql_command?.input.sql.query ?? "";
    this.queries.push(text);
    const fault = this.faults.shift();
    if (fault !== undefined) {
      call.emit("error", fault);
      return;
    }
    const data = tableToIPC(
      tableFromArrays({ n: Int32Array.of(this.queries.length), text: [text], version: [this.node] }),
      "stream",
    );
    call.write({ server_side_session_id: `server-${this.port}`, arrow_batch: { row_count: 1, data } });
    call.end();
  }

  #receive(call: grpc.ServerReadableStream<Artifacts, object>, done: grpc.sendUnaryData<object>): void {
    let name = "";
    let parts: Buffer[] = [];
    let right = true;
    const take = ({ data, crc }: Sent["data"]): Buffer => {
      right &&= crc32(data) === crc;
      return data;
    };
    call.on("data", ({ batch, begin_chunk, chunk }: Artifacts) => {
      for (const one of batch?.artifacts ?? []) this.artifacts.set(one.name, take(one.data));
      if (begin_chunk) {
        name = begin_chunk.name;
        parts = [take(begin_chunk.initial_chunk)];
      }
      if (chunk) parts.push(take(chunk));
      if (name !== "") this.artifacts.set(name, Buffer.concat(parts));
    });
    call.on("end", () =>
      done(null, {
        server_side_session_id: `server-${this.port}`,
        artifacts: [{ name, is_crc_successful: right }],
      }),
    );
  }
}
