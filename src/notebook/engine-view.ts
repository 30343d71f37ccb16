import { bytes, duration } from "../chart/format";
import type { DuckDbEngine } from "../engine/duckdb";
import { parseEngine } from "../engine/options";
import { workOf } from "../engine/spark/options";
import type { SparkEngine } from "../engine/spark/spark";
import { factsView } from "./table";
import type { ResultView } from "./views";

const use = "for fit(table, { engine }); encode(table) packs one for several fits";

/** What DuckDB may take of the machine. */
export function duckDbView({ options }: DuckDbEngine): ResultView {
  const { memoryLimit, threads, temporaryFolder, diskLimit } = parseEngine(options);
  const facts: [string, string][] = [
    ["memory limit", bytes(memoryLimit)],
    ["threads", String(threads)],
    ["temporary files in", temporaryFolder],
    ["disk limit", diskLimit === null ? "none" : bytes(diskLimit)],
  ];
  return { table: factsView("Engine: DuckDB, in this process", facts, use), figures: [] };
}

/** Where the cluster is and how it is to work; never the token. */
export function sparkView({ address, options }: SparkEngine): ResultView {
  const { compute, node, partitions, checkpoint, patience } = workOf(options);
  const facts: [string, string][] = [
    ["server", address],
    ["computed by", compute === "sql" ? "Spark SQL" : `the kernels, in ${node} on the executors`],
    ["partitions, at least", String(partitions)],
    ["checkpoint", checkpoint ?? "none"],
    ["waits for a lost server", duration(patience)],
  ];
  return { table: factsView("Engine: Spark, by Spark Connect", facts, use), figures: [] };
}
