import { parentPort, workerData } from "node:worker_threads";
import { Random } from "../../src/base/random";
import { corpus } from "./corpus";
import { mutations } from "./mutations";
import { outcome } from "./outcome";

/** What a worker is told. */
export interface Task {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The case that is under way; -1 before the first. */
  readonly current: Int32Array;
}

const { seed, from, to, current } = workerData as Task;
// Nearly every file ends in an error, whose stack takes longer than to read it; the case's number tells where to look.
Error.stackTraceLimit = 0;
const files = corpus(400, seed);
const kinds = Object.entries(mutations);
const counts: Record<string, number> = {};
let slowest = 0;

for (let number = from; number < to; number++) {
  Atomics.store(current, 0, number);
  const [name, mutate] = kinds[number % kinds.length];
  const { bytes, refused } = mutate(files, new Random(Math.imul(number + 1, 0x9e3779b1) ^ seed));
  const start = performance.now();
  const result = outcome(bytes);
  slowest = Math.max(slowest, performance.now() - start);
  if (refused && result === "read") throw new Error(`case ${number} (${name}): a damaged file was read`);
  const key = `${name}: ${result}`;
  counts[key] = (counts[key] ?? 0) + 1;
}
parentPort?.postMessage({ counts, slowest });
