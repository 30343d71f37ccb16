// One measurement in a process of its own: encode, then fits on disk. Prints a line a step.
import { statSync } from "node:fs";
import { createRequire } from "node:module";

const { duckdb, LogisticRegression } = createRequire(import.meta.url)("../../../dist/src/index.js");
const [path, memoryLimit, kind, times] = process.argv.slice(2);
const engine = duckdb({ memoryLimit, threads: 2 });
const spec = {
  parquet: Array(Number(times)).fill(path),
  label: "late",
  categorical: ["origin", "route", "day"],
  ...(kind === "distinct" ? { numeric: "age" } : {}),
};
const timed = async (step, work, tell) => {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  const facts = {
    seconds: Number(((performance.now() - start) / 1000).toFixed(2)),
    cpu: Number(((user + system) / 1e6).toFixed(2)),
    peakMB: Math.round((1024 * process.resourceUsage().maxRSS) / 1e6),
  };
  console.log(step, JSON.stringify({ ...facts, ...tell(result) }));
  return result;
};
const fitted = ({ nonzeros, fit }) => ({
  ...{ passes: fit.passes, iterations: fit.iterations, gap: fit.dualityGap / fit.objective },
  ...{ converged: fit.converged, nonzeros },
});
const table = await timed(
  "encode",
  () => engine.encode(spec),
  ({ rows, distinctRows, encoder }) => ({
    ...{
      rows,
      stored: distinctRows,
      columns: encoder.columns,
      sourceMB: times * (statSync(path).size / 1e6),
    },
  }),
);
const fit = (options) => () => new LogisticRegression({ threads: 2, ...options }).fit(table, { engine });
const l1 = await timed("l1", fit({ penalty: "l1", lambda: 3e-4, tolerance: 1e-4 }), fitted);
await timed(
  "reduced",
  () => table.reduced(l1),
  ({ rows }) => ({ rows }),
);
await timed(
  "evaluate",
  () => table.evaluate(l1),
  ({ logLoss }) => ({ logLoss }),
);
await timed("l2", fit({ penalty: "l2", lambda: 1e-6, tolerance: 1e-3 }), fitted);
table.close();
