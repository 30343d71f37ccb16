import { join } from "node:path";
import { toSklearn } from "../../src/export/sklearn/to-sklearn";
import type { Label } from "../../src/matrix/dataset";
import { root } from "../python";
import { ask, partsOf, rowOf, same, withoutLongTexts } from "./agreement";
import type { Case } from "./cases";

export function inSklearn(all: Case): void {
  const c = withoutLongTexts(all);
  const exported = toSklearn(c.model, partsOf(c).options);
  const rows =
    c.frame === undefined
      ? Array.from({ length: c.features.rows }, (_, i) => Array.from(rowOf(c, i) as Float32Array))
      : Object.fromEntries(
          Object.entries(c.frame).map(([name, column]) => [
            name,
            Array.from(column, (x) => (Number.isNaN(x) ? null : (x ?? null))),
          ]),
        );
  const module = join(root, "src", "export", "sklearn");
  const answer = ask("sklearn_load.py", { model: exported.text, rows, module }) as {
    labels: Label[];
    probabilities: number[];
  };
  const numbers = new Map(c.model.classes.map((label, k) => [label, k]));
  same(
    c,
    { labels: answer.labels.map((label) => numbers.get(label)!), probabilities: answer.probabilities },
    1e-6,
  );
}
