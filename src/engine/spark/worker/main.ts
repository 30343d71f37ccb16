import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deal } from "./deal";
import { drain } from "./lines";
import { dealFile, planFile, termsFile } from "./messages";
import { pack } from "./pack";
import { round } from "./round";
import { sample } from "./sample";
import { sum } from "./sum";
import { terms } from "./terms";

// Spark shows what a script wrote to standard error, and tries a failed task again elsewhere.
try {
  const [, , task] = process.argv;
  if (task === "pack") pack(JSON.parse(readFileSync(join(__dirname, planFile), "utf8")));
  else if (task === "deal") deal(JSON.parse(readFileSync(join(__dirname, dealFile), "utf8")));
  else if (task === "terms") terms(JSON.parse(readFileSync(join(__dirname, termsFile), "utf8")));
  else if (task === "round") round();
  else if (task === "sum") sum();
  else if (task === "sample") sample();
  else throw new Error(`unknown task ${task}`);
} catch (error) {
  process.stderr.write(`logitpress-worker: ${error instanceof Error ? error.message : String(error)}\n`);
  // Of a script that ends with input unread Spark says that a stream was closed, and nothing of the reason.
  drain();
  process.exit(1);
}
