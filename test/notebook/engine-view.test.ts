import assert from "node:assert/strict";
import { test } from "node:test";
import { duckdb } from "../../src/engine/duckdb";
import { spark } from "../../src/engine/spark/spark";
import "../../src/notebook/attach";
import { bundleOf } from "../../src/notebook/render";

async function shown(value: unknown): Promise<{ readonly text: string; readonly html: string }> {
  const { "text/html": html, "text/plain": text } = await bundleOf(value);
  return { text: String(text), html: String(html) };
}

test("the engine in this process shows what it may take, defaults included", async () => {
  const { text, html } = await shown(
    duckdb({ memoryLimit: "500MB", threads: 2, temporaryFolder: "/tmp/<b>" }),
  );
  assert.match(text, /memory limit +500 MB\nthreads +2\ntemporary files in +\/tmp\/<b>\ndisk limit +none/);
  assert.match(html, /<table/);
  assert.doesNotMatch(html, /<b>/);
  assert.match((await shown(duckdb())).text, /memory limit +1,000 MB/);
});

test("the engine of a cluster shows where it is and how it works, and never its token", async () => {
  const token = "geheim";
  const engine = spark("sc://127.0.0.1:15003", { token, partitions: 12, compute: "sql" });
  const { text, html } = await shown(engine);
  assert.match(text, /server +sc:\/\/127\.0\.0\.1:15003\ncomputed by +Spark SQL\npartitions, at least +12/);
  assert.deepEqual(engine.options, { partitions: 12, compute: "sql" });
  assert.doesNotMatch(text + html + JSON.stringify(engine), /geheim/);
  assert.match((await shown(spark("sc://127.0.0.1", { token }))).text, /by +the kernels, in node on/);
});
