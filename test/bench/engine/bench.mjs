// Tables beyond memory: `npm run bench:engine -- [ROWS] [MEMORY] [KIND...]`, e.g. `100000000 400MB distinct`; it removes what it wrote,
// also when it is interrupted, and needs 8 GB of disk for 100 million rows. Generated flights: `plain`, of three columns of levels; `distinct`, with a column in which all rows differ;
// `repeated`, a million plain rows as often as makes ROWS, which merge.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "./generate.mjs";

const rows = Number(process.argv[2] ?? 3e6);
const memory = process.argv[3] ?? "500MB";
const kinds = process.argv.length > 4 ? process.argv.slice(4) : ["plain", "distinct", "repeated"];
const folder = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), "engine-bench-"));
// A measurement that is interrupted ends, and what it wrote goes with the folder.
process.on("SIGINT", () => {});
try {
  for (const kind of kinds) {
    const path = join(folder, `flights-${kind}.parquet`);
    const times = kind === "repeated" ? Math.round(rows / 1e6) : 1;
    await generate(path, rows / times, kind === "distinct");
    const measure = fileURLToPath(new URL("measure.mjs", import.meta.url));
    console.log(`${kind}, memoryLimit ${memory}`);
    execFileSync(process.execPath, [measure, path, memory, kind, String(times)], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, TMPDIR: folder },
    });
    rmSync(path);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
