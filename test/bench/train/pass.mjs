// What a second thread gains in one pass: gradients of the loss over all rows. pass.mjs [DATA ...], by default the three of the table.
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { datasetOf, libraryOf, root } from "./data.mjs";

const load = createRequire(import.meta.url);
const part = (path) => load(join(root, "dist", "src", path));
const { adoptKernelModule, kernelModule, loadKernels } = part("simd/load.js");
const { close, newControl, serve } = part("simd/team.js");

if (isMainThread) {
  const named = process.argv.slice(2);
  for (const name of named.length > 0 ? named : ["emails", "flights240", "digits"]) await measure(name);
  process.exit(0);
} else {
  adoptKernelModule(workerData.module);
  parentPort.postMessage("ready");
  serve(loadKernels(workerData.shared.memory), workerData.control);
}

async function measure(name, warm = 30, rounds = 60) {
  const { Arena } = part("simd/memory.js");
  const { Design } = part("train/design.js");
  const { layOut } = part("train/layout.js");
  const data = datasetOf(name, libraryOf());
  const K = data.classes.length === 2 ? 1 : data.classes.length;
  const arena = new Arena();
  const shares = new Float64Array(data.rows).fill(1 / data.rows);
  const given = Design.of(data.features, data.labels, shares, undefined, arena);
  const place = given.at(layOut(given, { outputs: K, dropEmpty: true, asGiven: false })).place;
  const control = newControl();
  const shared = { module: kernelModule(), shared: arena.shared, control };
  const helper = new Worker(fileURLToPath(import.meta.url), { workerData: shared });
  await new Promise((ready) => helper.once("message", ready));
  const sides = [undefined, control].map((team) => {
    const design = Design.open(place, team, new Arena(arena.shared));
    const { LogisticLoss } = part("train/losses/logistic.js");
    const { SoftmaxLoss } = part("train/losses/softmax.js");
    const loss = K === 1 ? new LogisticLoss(design, 1) : new SoftmaxLoss(design, K);
    const [w, g] = [design.parameters(K), design.parameters(K)];
    w.forEach((_, j) => {
      w[j] = Math.sin(j) / 1000;
    });
    return { g, times: [], pass: () => loss.gradient(w, g.fill(0)) };
  });
  for (let round = 0; round < warm + rounds; round++) {
    for (const side of sides) {
      const start = performance.now();
      side.pass();
      if (round >= warm) side.times.push(performance.now() - start);
    }
  }
  const [one, two] = sides.map(({ times }) => times.sort((a, b) => a - b));
  const said = (times) => `${times[0].toFixed(2)} ms, median ${times[rounds >> 1].toFixed(2)}`;
  const same = sides[0].g.every((x, j) => Object.is(x, sides[1].g[j]));
  const ratio = `${(one[0] / two[0]).toFixed(2)}x`;
  console.log(
    `${name}: 1 thread ${said(one)}; 2 threads ${said(two)}; ${ratio}; ${same ? "" : "not "}the same bits`,
  );
  close(control);
}
