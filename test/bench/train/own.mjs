// What is measured of this library alone: threads and memory; growth.mjs tells how they grow with the data.
import { cases } from "./cases.mjs";
import { requestOf } from "./search.mjs";
import { Side, tablePath } from "./side.mjs";
import { ownTimes } from "./store.mjs";

/** Measures one entry of `own` in cases.mjs and keeps what it found. */
export async function measureOwn(one, settings) {
  const found = await { threads: threadsOf, memory: memoryOf }[one.measure](one, settings);
  ownTimes.set(one.name, found);
  console.error(`  ${JSON.stringify(found)}`);
}

async function threadsOf(one, settings) {
  const times = {};
  for (const n of [1, 2]) {
    const run = await fits(caseOf(one.case), settings, { threads: n });
    if (run.note !== undefined) return run;
    times[n] = run.seconds;
  }
  return { times };
}

async function memoryOf(one, settings) {
  const { threads } = settings;
  const run = await fits(caseOf(one.case), { ...settings, repeat: 1 }, { memory: true, threads });
  return run.note === undefined ? { grew: run.last.grew, bytes: run.last.bytes } : run;
}

/** Several fits to a gap of 1e-4 in one process, the first left out where there are more. */
async function fits(one, { givenOf, repeat }, more) {
  const given = givenOf(one);
  const side = new Side("ours", one.data);
  const seconds = [];
  let last;
  for (let k = 0; k <= repeat; k++) {
    const asked = { ...requestOf(one, given), tolerance: 1e-4, intercept: "free", out: tablePath("ours") };
    last = await side.ask({ ...asked, ...more }, 1200);
    if (last.seconds === undefined) {
      side.end();
      return { note: last.absent === undefined ? `failed: ${last.failed}` : "not offered" };
    }
    seconds.push(last.seconds);
    if (more.memory || (k >= 2 && seconds.reduce((sum, s) => sum + s) > 60)) break;
  }
  side.end();
  return { seconds: seconds.length > 1 ? seconds.slice(1) : seconds, last };
}

function caseOf(name) {
  return cases.find((one) => one.name === name);
}
