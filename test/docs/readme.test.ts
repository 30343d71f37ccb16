import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../python";

const pages: readonly string[] = [
  ...["README.md", "environment.md", "CHANGELOG.md", "src/pack/FORMAT.md"],
  "src/engine/spark/SPARK.md",
  ...["src/notebook/kernel/KERNEL.md", "src/notebook/kernel/magics/MAGICS.md"],
];

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>;

/** The README's TypeScript, which is JavaScript but for its import. */
function examples(page: string): string[] {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  return blocks.map(([, code]) =>
    code.replace(/^import (\{[\s\S]*?\}) from ("\S+");/gm, "const $1 = require($2);"),
  );
}

test("the README's examples run", async () => {
  const codes = examples("README.md");
  assert.ok(codes.length > 0);
  const rows = Array.from({ length: 200 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)]);
  const labels = rows.map(([a, b]) => (a + b / 2 > 0 ? "yes" : "no"));
  for (const code of codes) {
    const said: unknown[][] = [];
    const console = { log: (...values: unknown[]) => said.push(values) };
    await new AsyncFunction("require", "console", "rows", "labels", code)(require, console, rows, labels);
    const [[bytes, accuracy]] = said as [[number, number]];
    assert.ok(bytes > 0 && bytes < 100, `${bytes} bytes`);
    assert.ok(accuracy > 0.85, `accuracy ${accuracy}`);
  }
});

test("links between pages lead to files that exist", () => {
  const links = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, to]) => ({
      page,
      to,
    })),
  );
  const local = links.filter(({ to }) => !to.startsWith("https:"));
  assert.ok(local.length > 3);
  assert.deepEqual(
    local.filter(({ page, to }) => !existsSync(join(root, page, "..", to))),
    [],
  );
});
