import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { duckdb } from "../../src/engine/duckdb";
import { TableEncoder } from "../../src/frame/encoder";
import { folder, leftBehind, sql, temporary } from "./tables";

/** More than one statement has. */
const width = 2100;
const names = Array.from({ length: width }, (_, j) => `c${j}`);

test("a CSV file of more columns than one statement has is encoded as in memory, and checked to the last", async () => {
  const rows = [3, 1, 4, 1, 5, 9].map((x, i) => ({ y: i % 2 ? "p" : "q", x }));
  const cells = names.map((_, j) => rows.map(({ x }) => (x * (j + 1)) % 7));
  const file = (name: string, last: string): string => {
    const lines = rows.map(({ y }, i) => [...cells.map((own) => String(own[i])), y]);
    lines[4][width - 1] = last;
    const path = join(folder, name);
    writeFileSync(path, [[...names, "y"], ...lines].map((line) => `${line.join(",")}\n`).join(""));
    return path;
  };
  const engine = duckdb({ temporaryFolder: temporary, threads: 1 });
  const spec = { label: "y", numeric: names };
  const table = await engine.encode({
    csv: file("wide.csv", String(cells[width - 1][4])),
    ...spec,
  });
  const columns = {
    ...Object.fromEntries(names.map((name, j) => [name, cells[j]])),
    y: rows.map(({ y }) => y),
  };
  const known = TableEncoder.fit(columns, spec).state().numeric;
  const own = table.encoder.state().numeric;
  assert.equal(own.length, width);
  own.forEach(({ name, mean, scale }, j) => {
    assert.equal(name, names[j]);
    assert.ok(Math.abs(mean - known[j].mean) < 1e-12 && Math.abs(scale - known[j].scale) < 1e-12, name);
  });
  table.close();
  const broken = engine.encode({ csv: file("wide-broken.csv", "one"), ...spec });
  await assert.rejects(broken, { code: "invalid-data", message: /row 4 \(line 6\).*"c2099".*one/ });
  assert.deepEqual(leftBehind(), []);
});

test("a disk that really fills while rows are sorted or packed leaves nothing", async (t) => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
  if (mounted.status !== 0) {
    t.skip("no right to mount a file system");
    return;
  }
  try {
    const parquet = join(folder, "many.parquet");
    await sql([
      `COPY (SELECT hash(i) / 1e3 AS x, CASE WHEN hash(i + 9) % 2 = 0 THEN 'p' ELSE 'q' END AS y
         FROM range(4000000) t(i)) TO '${parquet}' (FORMAT parquet)`,
    ]);
    const engine = duckdb({ memoryLimit: "300MB", threads: 2, temporaryFolder: disk });
    for (const scale of ["standard", "robust"] as const) {
      const encoded = engine.encode({ parquet, label: "y", numeric: { column: "x", scale } });
      await assert.rejects(encoded, {
        code: "failed",
        message: /disk full.*Free some space, raise diskLimit, or set temporaryFolder/,
      });
      assert.deepEqual(readdirSync(disk), []);
    }
  } finally {
    spawnSync("umount", [disk]);
  }
});
