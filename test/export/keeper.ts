import { linesChart } from "../../src/chart/lines";
import { saveExport } from "../../src/export/exported";
import { toOnnx } from "../../src/export/onnx/to-onnx";
import { report } from "../../src/notebook/report/report";
import { largeModel } from "../pack/models";

/** What is saved in turn: a page of 5 MB that holds a chart, or an export of half a megabyte. */
export type Kept = "report" | "export";

/** How the two versions of a file are written. */
export function keepers(kept: Kept): readonly ((path: string) => Promise<unknown>)[] {
  return [1, 2].map((seed) => {
    if (kept === "export") {
      const exported = toOnnx(largeModel(seed));
      return (path) => saveExport(exported, path);
    }
    const chart = linesChart({ line: { x: [0, 1], y: [0, seed] } }, { title: "A line", x: "x", y: "y" });
    const page = report({ title: `Version ${seed}`, sections: [{ title: "Part", content: [chart] }] });
    return (path) => page.save(path);
  });
}

/** Saves both in turn to one path until it is killed. */
async function keep(kept: Kept, path: string): Promise<never> {
  const versions = keepers(kept);
  for (let turn = 0; ; turn++) {
    await versions[turn % versions.length](path);
    if (turn === 1) process.stdout.write("saving\n");
  }
}

if (require.main === module) void keep(process.argv[2] as Kept, process.argv[3]);
