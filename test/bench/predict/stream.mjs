#!/usr/bin/env node
// npm run bench:stream -- --gigabytes 10: a CSV that is made on the way and lies nowhere goes through a pipe into logitpress predict. The
// rows of breast cancer over and over (30 numbers and the class) are scored by a model of all columns; prints rows a second and the most
// memory that the process took. LOGITPRESS_DIST names another build's folder `dist`.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const dist = process.env.LOGITPRESS_DIST ?? join(root, "dist");
const { gigabytes, help } = parseArgs({
  options: { gigabytes: { type: "string", default: "1" }, help: { type: "boolean", short: "h" } },
}).values;
const wanted = Number(gigabytes) * 1e9;
if (help || !(wanted > 0)) {
  console.log(
    "npm run bench:stream -- [--gigabytes N]   default 1; 10 takes some minutes and no room on the disk",
  );
  process.exit(help ? 0 : 2);
}

const table = join(root, "src", "frame", "data", "breast-cancer.csv");
const [header, ...rows] = readFileSync(table, "utf8").trim().split("\n");
const folder = mkdtempSync(join(tmpdir(), "logitpress-stream-"));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true });
}

async function measure() {
  const program = join(dist, "src", "cli", "main.js");
  const model = join(folder, "model.logit");
  const label = header.split(",").at(-1);
  const fitted = spawnSync(process.execPath, [program, "fit", table, "--label", label, "-o", model]);
  if (fitted.status !== 0) throw new Error(String(fitted.stderr));
  const pipe = join(folder, "rows.csv");
  if (spawnSync("mkfifo", [pipe]).status !== 0) throw new Error("no mkfifo here");

  const start = performance.now();
  // The most memory of a process is known to itself alone, so it says so as it ends.
  const tell = join(folder, "tell.cjs");
  writeFileSync(
    tell,
    `process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require("node:fs").writeFileSync(${JSON.stringify(join(folder, "usage.json"))}, JSON.stringify({ maxRSS, seconds: (userCPUTime + systemCPUTime) / 1e6 }));
});`,
  );
  const scorer = spawn(process.execPath, ["--require", tell, program, "predict", model, pipe], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let lines = 0;
  scorer.stdout.on("data", (part) => {
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines++;
  });
  const written = await feed(pipe);
  const code = await new Promise((resolve) => scorer.once("close", resolve));
  if (code !== 0) throw new Error(`logitpress predict ended with ${code}`);
  if (lines !== written.rows + 1) throw new Error(`${lines} lines for ${written.rows} rows`);
  const seconds = (performance.now() - start) / 1000;
  const { maxRSS, seconds: busy } = JSON.parse(readFileSync(join(folder, "usage.json"), "utf8"));
  console.log(
    `${(written.bytes / 1e9).toFixed(2)} GB, ${written.rows} rows of ${header.split(",").length} columns: ${seconds.toFixed(1)} s by the clock, ${busy.toFixed(1)} s of processor time of logitpress predict, ${Math.round(written.rows / busy)} rows a second of it; at most ${Math.round(maxRSS / 1024)} MB`,
  );
}

/** Writes rows to the pipe until there are as many bytes as wanted. */
async function feed(pipe) {
  const block = Buffer.from(`${Array.from({ length: 20 }, () => rows.join("\n")).join("\n")}\n`);
  const out = createWriteStream(pipe);
  const head = Buffer.from(`${header}\n`);
  out.write(head);
  let bytes = head.length;
  let count = 0;
  while (bytes < wanted) {
    if (!out.write(block)) await once(out, "drain");
    bytes += block.length;
    count += 20 * rows.length;
  }
  out.end();
  await once(out, "close");
  return { bytes, rows: count };
}
