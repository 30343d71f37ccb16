import { duration } from "../../../chart/format";

const repeats = 7;
const leastSeconds = 0.2;
const most = 10_000_000;

/** Says how long something took, by the clock and by the processor. */
function timeLine(seconds: number, processor: NodeJS.CpuUsage): string {
  const worked = (processor.user + processor.system) / 1e6;
  return `time: ${shown(seconds)}, of the processor ${shown(worked)}\n`;
}

/** A stop watch: begun at its making. */
export class StopWatch {
  readonly #begun = performance.now();
  readonly #processor = process.cpuUsage();

  /** What it shows now. */
  line(): string {
    return timeLine((performance.now() - this.#begun) / 1000, process.cpuUsage(this.#processor));
  }
}

/**
 * Runs `run` as often as takes some 0.2 seconds, seven times over, and says mean, deviation and best of one run. Something
 * that takes longer is run once each time.
 */
export async function timeitLine(run: () => unknown): Promise<string> {
  let loops = 1;
  let seconds = await measured(run, loops);
  while (seconds < leastSeconds && loops < most) {
    loops = Math.min(
      loops * (seconds === 0 ? 10 : Math.ceil(Math.min(10, (1.2 * leastSeconds) / seconds))),
      most,
    );
    seconds = await measured(run, loops);
  }
  const each = [seconds / loops];
  while (each.length < repeats) each.push((await measured(run, loops)) / loops);
  const mean = each.reduce((a, b) => a + b, 0) / repeats;
  const deviation = Math.sqrt(each.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (repeats - 1));
  const times = loops === 1 ? "1 loop" : `${loops.toLocaleString("en")} loops`;
  return `${shown(mean)} ± ${shown(deviation)} a loop, best ${shown(Math.min(...each))} (${repeats} runs of ${times})\n`;
}

async function measured(run: () => unknown, loops: number): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < loops; i++) {
    const value = run();
    if (value instanceof Promise) await value;
  }
  return (performance.now() - begun) / 1000;
}

/** Three digits with a unit that fits. */
function shown(seconds: number): string {
  if (seconds >= 1 || seconds === 0) return duration(seconds);
  const [factor, unit] = seconds >= 1e-3 ? [1e3, "ms"] : seconds >= 1e-6 ? [1e6, "µs"] : [1e9, "ns"];
  return `${Number((seconds * (factor as number)).toPrecision(3))} ${unit}`;
}
