import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createConnection, createServer } from "node:net";
import { join } from "node:path";
import { fail } from "../../base/errors";
import { ConnectClient } from "../../engine/spark/client";
import type { ClusterPlace, ClusterRecord } from "./place";
import { end, isOurs, javaOptions, launch } from "./processes";
import { checkJava, sparkHome } from "./software";

/** How large a cluster is, and where it listens. */
interface UpOptions {
  readonly python: string | undefined;
  readonly port: number;
  readonly executors: number;
  readonly cores: number;
  /** Of each executor, in megabytes. */
  readonly memory: number;
}

const host = "127.0.0.1";
/** How long the server may take to answer, in seconds. */
const patience = 300;

/**
 * Starts a standalone cluster of Spark on this machine alone: a master, a worker with executors, and the Connect server,
 * all on loopback. Executors, master and server share a secret that lies in a file of this user's; clients need the token.
 */
export async function up(
  place: ClusterPlace,
  options: UpOptions,
  say: (text: string) => void,
): Promise<ClusterRecord> {
  const before = place.read();
  const running = Object.entries(before?.processes ?? {}).filter(([, pid]) => isOurs(place, pid));
  if (running.some(([name]) => name === "connect")) {
    fail("invalid-option", {
      thing: "folder of a cluster",
      value: place.folder,
      expected: "one where no cluster runs",
      remedy: "Run logitpress spark down first, or name another --folder.",
    });
  }
  checkJava();
  place.make();
  const launcher = new Launcher(place, sparkHome(place, options.python, say), tokenOf(place));
  if (before !== null && running.length === 2) {
    say("starting the Connect server, whose master and worker still run");
    const port = Number(new URL(before.address.replace("sc:", "http:")).port);
    const record = { ...before, processes: { ...before.processes, connect: launcher.connect() } };
    await place.write(record);
    await launcher.ready(record.processes.connect, port);
    return record;
  }
  await end(
    place,
    running.map(([, pid]) => pid),
  );
  say("starting the master, the worker and the Connect server");
  const port = await freePort();
  writeSettings(place, options, port);
  const processes: Record<string, number> = {};
  try {
    processes.master = launcher.master(port);
    await answering(place, processes.master, port, "master");
    processes.worker = launcher.worker(port, options, await freePort());
    processes.connect = launcher.connect();
    const record = { address: `sc://${host}:${options.port}`, processes };
    await place.write(record);
    await launcher.ready(processes.connect, options.port);
    return record;
  } catch (error) {
    await end(place, Object.values(processes));
    place.remove();
    throw error;
  }
}

/** Starts the programs of a cluster; secrets go by files and the environment, never by a command's arguments. */
class Launcher {
  readonly #place: ClusterPlace;
  readonly #home: string;
  readonly #token: string;
  readonly #properties: readonly string[];

  constructor(place: ClusterPlace, home: string, token: string) {
    this.#place = place;
    this.#home = home;
    this.#token = token;
    this.#properties = ["--properties-file", place.path("conf", "spark-defaults.conf")];
  }

  master(port: number): number {
    return this.#daemon("master", "Master", port, []);
  }

  worker(master: number, { executors, cores, memory }: UpOptions, port: number): number {
    const size = ["--cores", String(executors * cores), "--memory", `${executors * memory}m`];
    const rest = [...size, "--work-dir", this.#place.path("work"), `spark://${host}:${master}`];
    return this.#daemon("worker", "Worker", port, rest);
  }

  connect(): number {
    const server = ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"];
    const marked = [
      "--driver-java-options",
      javaOptions(this.#place),
      "--name",
      "logitpress",
      "spark-internal",
    ];
    return this.#start("connect", "spark-submit", [...this.#properties, ...server, ...marked], {
      SPARK_CONNECT_AUTHENTICATE_TOKEN: this.#token,
    });
  }

  /** Waits until the Connect server answers a query. */
  async ready(pid: number, port: number): Promise<void> {
    await answering(this.#place, pid, port, "connect");
    const connection = { address: { host, port, tls: false }, token: this.#token, certificates: null };
    const client = new ConnectClient(connection);
    try {
      await client.rows("SELECT 1 AS one").catch((error) => client.refuse(error));
    } finally {
      await client.close();
    }
  }

  #daemon(name: string, part: string, port: number, rest: readonly string[]): number {
    const at = ["--host", host, "--port", String(port), "--webui-port", "0", ...this.#properties];
    const own = part.toLowerCase();
    return this.#start(name, "spark-class", [`org.apache.spark.deploy.${own}.${part}`, ...at, ...rest]);
  }

  #start(name: string, program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): number {
    const env = { ...environment(this.#place, this.#home), ...more };
    return launch(this.#place, name, join(this.#home, "bin", program), args, env);
  }
}

/** The token of the environment, or one of the place's own, written where this user alone reads it. */
function tokenOf(place: ClusterPlace): string {
  const given = process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN;
  const file = place.path("token");
  const token =
    given ?? (existsSync(file) ? readFileSync(file, "utf8").trim() : randomBytes(24).toString("base64url"));
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}

function writeSettings(place: ClusterPlace, { port, cores, memory }: UpOptions, master: number): void {
  const settings = {
    "spark.master": `spark://${host}:${master}`,
    "spark.authenticate": "true",
    "spark.authenticate.secret": randomBytes(24).toString("base64url"),
    "spark.network.crypto.enabled": "true",
    "spark.driver.host": host,
    "spark.driver.bindAddress": host,
    "spark.connect.grpc.binding.address": host,
    "spark.connect.grpc.binding.port": String(port),
    "spark.ui.enabled": "false",
    "spark.ui.killEnabled": "false",
    "spark.master.rest.enabled": "false",
    "spark.executor.cores": String(cores),
    "spark.executor.memory": `${Math.max(512, Math.floor(memory * 0.9))}m`,
    "spark.sql.warehouse.dir": place.path("warehouse"),
    "spark.executor.extraJavaOptions": javaOptions(place),
  };
  const text = Object.entries(settings).map(([key, value]) => `${key} ${value}\n`);
  writeFileSync(place.path("conf", "spark-defaults.conf"), text.join(""), { mode: 0o600 });
}

function environment(place: ClusterPlace, home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    SPARK_HOME: home,
    SPARK_CONF_DIR: place.path("conf"),
    SPARK_LOCAL_IP: host,
    SPARK_LOCAL_DIRS: place.path("local"),
    SPARK_DAEMON_JAVA_OPTS: javaOptions(place),
    SPARK_CONNECT_AUTHENTICATE_TOKEN: "",
  };
}

/** Waits until something listens. @throws `failed` with the log's end where the process ended, or it takes too long */
async function answering(place: ClusterPlace, pid: number, port: number, name: string): Promise<void> {
  const deadline = Date.now() + 1000 * patience;
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host, port }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (open) return;
    const log = place.path("logs", `${name}.log`);
    if (!alive(pid) || Date.now() > deadline) {
      const last = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" ") : "";
      fail("failed", {
        thing: `start of Spark's ${name} (${last.slice(0, 400)})`,
        remedy: `Read ${log}.`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function alive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
