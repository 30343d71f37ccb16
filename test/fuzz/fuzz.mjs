// A long run of the decoder on mutated and random files: node test/fuzz/fuzz.mjs [--cases 1000000] [--seed 1] [--threads 2]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { root } from "../../src/setup/run.mjs";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    threads: { type: "string", default: "2" },
  },
});
const [cases, seed, threads] = [values.cases, values.seed, values.threads].map(Number);
/** No file may take longer, nor a worker more of V8's heap. */
const secondsEach = 30;
const megabytes = 256;

const started = performance.now();
const states = [];
const tell = setInterval(() => {
  const done = states.reduce(
    (sum, { from, current }) => sum + Math.max(0, Atomics.load(current, 0) - from),
    0,
  );
  console.log(`${done} of ${cases} files`);
}, 60_000);
const results = await Promise.all(Array.from({ length: threads }, (_, t) => run(t)));
clearInterval(tell);
const counts = {};
for (const result of results) {
  for (const [key, count] of Object.entries(result.counts)) counts[key] = (counts[key] ?? 0) + count;
}
for (const key of Object.keys(counts).sort()) console.log(`${key.padEnd(40)} ${counts[key]}`);
const slowest = Math.max(...results.map((result) => result.slowest));
const rss = process.resourceUsage().maxRSS / 1024;
console.log(
  `${cases} files, seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s; ` +
    `the slowest ${slowest.toFixed(0)} ms; at most ${rss.toFixed(0)} MB of memory`,
);

/** One worker on its share of the cases; a file that takes too long ends the run and is named. */
function run(thread) {
  const current = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const share = Math.ceil(cases / threads);
  const workerData = { seed, from: thread * share, to: Math.min(cases, (thread + 1) * share), current };
  states.push(workerData);
  const worker = new Worker(join(root, "dist/test/fuzz/worker.js"), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: megabytes },
  });
  let before = -2;
  const watch = setInterval(() => {
    const now = Atomics.load(current, 0);
    if (now >= 0 && now === before) stop(thread, now, `took more than ${secondsEach} s`);
    before = now;
  }, 1000 * secondsEach);
  return new Promise((resolve) => {
    worker.on("message", (message) => {
      clearInterval(watch);
      resolve(message);
    });
    worker.on("error", (error) => stop(thread, Atomics.load(current, 0), error.stack ?? String(error)));
  });
}

function stop(thread, number, reason) {
  console.error(`case ${number} of seed ${seed} (thread ${thread}): ${reason}`);
  process.exit(1);
}
