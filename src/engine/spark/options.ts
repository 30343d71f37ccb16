import { checkChoice, checkKeys, checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import { parseAddress } from "./address";
import type { Connection } from "./client";

/** The options of {@link spark}. */
export interface SparkOptions {
  /**
   * The server's token. Default: the environment variable `SPARK_CONNECT_AUTHENTICATE_TOKEN`. Whoever has it can run
   * programs of any kind on the executors.
   */
  readonly token?: string;
  /** PEM certificates to trust, instead of the system's, where the address has TLS. */
  readonly certificates?: Uint8Array;
  /** The program Node on the executors, 20 or newer. Default `node`. */
  readonly node?: string;
  /**
   * In how many partitions at least files are read, each the work of one task. The answer's last bits depend on it, so it is not
   * guessed from the cluster. Default 8; as many as there are cores is a good choice.
   */
  readonly partitions?: number;
  /**
   * A file that gets the state of the fit after each round; where it is there already, the fit goes on from it, and
   * removes it at the end. Default: none.
   */
  readonly checkpoint?: string;
  /** How long to wait for a server that is gone before the fit fails, in seconds. Default 300. */
  readonly patience?: number;
  /**
   * What computes: `worker`, the library's own kernels in Node on the executors; `sql`, Spark alone, several times slower, where
   * scripts (TRANSFORM) are forbidden or Node is not on the executors. Default `worker`.
   */
  readonly compute?: "worker" | "sql";
}

/** The options, complete, but for what the connection takes of them. */
export interface SparkWork {
  readonly node: string;
  readonly partitions: number;
  readonly checkpoint: string | null;
  readonly patience: number;
  readonly compute: "worker" | "sql";
}

/** The options, complete. */
export interface SparkSettings extends SparkWork {
  readonly connection: Connection;
}

/** Checks an address and options and fills in what is left out. @throws `unknown-option`, `missing-option`, `invalid-option` */
export function parseSpark(address: string, options: SparkOptions): SparkSettings {
  const known = ["token", "certificates", "node", "partitions", "checkpoint", "patience", "compute"];
  checkKeys(options, known, "spark");
  const token = options.token ?? process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN ?? "";
  if (typeof token !== "string" || /[^\x21-\x7e]/.test(token)) {
    fail("invalid-option", { thing: "token of spark", expected: "visible ASCII characters" });
  }
  return {
    connection: {
      address: parseAddress(address, token !== ""),
      token: token === "" ? null : token,
      certificates: options.certificates ?? null,
    },
    ...workOf(options),
  };
}

/** How a cluster is to work, with the defaults of what is left out. @throws `invalid-option` */
export function workOf(options: SparkOptions): SparkWork {
  return {
    node: options.node ?? "node",
    partitions: checkNumber(options.partitions ?? 8, "partitions", { min: 1, max: 100_000, integer: true }),
    checkpoint: options.checkpoint ?? null,
    patience: checkNumber(options.patience ?? 300, "patience", { min: 0 }),
    compute: checkChoice(options.compute ?? "worker", "compute", ["worker", "sql"]),
  };
}
