import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { test } from "node:test";

const src: string = resolve(__dirname, "..", "..", "..", "src");

/** The folders in the order of the flow: a file imports from its own and from those before it. */
const order: readonly string[] = [
  "base",
  "simd",
  "matrix",
  "frame",
  "model",
  "train",
  "prune",
  "quantize",
  "pack",
  "evaluate",
  "compress",
  "export",
  "engine",
  "chart",
  "notebook",
  "cli",
];

/** Packages that one folder alone may import, so that the rest works without them. */
const owners: Readonly<Record<string, string>> = {
  "danfojs-node": "frame",
  tslab: "notebook",
  "@duckdb/node-api": "engine",
  "@grpc/grpc-js": "engine",
  "@grpc/proto-loader": "engine",
  "apache-arrow": "engine",
  zeromq: "notebook",
  "plotly.js-dist-min": "notebook",
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly target: string;
}

function imports(): Import[] {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (f) => f.endsWith(".ts") && f.includes(sep) && !f.includes("assembly") && !f.includes("tfjs-node"),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8");
    const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|\brequire\s*\(\s*|\bimport\s+)"([^"]+)"/g;
    return [...text.matchAll(pattern)].map((m) => ({ file, folder: file.split(sep)[0], target: m[1] }));
  });
}

test("every folder of src has its place in the order", () => {
  const folders = readdirSync(src, { withFileTypes: true }).filter((e) => e.isDirectory());
  const unknown = folders.map((e) => e.name).filter((name) => name !== "setup" && !order.includes(name));
  assert.deepEqual(unknown, []);
});

test("imports go from later folders to earlier ones only", () => {
  const all = imports();
  assert.ok(all.length > 100, `only ${all.length} imports were found`);
  const wrong = all.filter(({ file, folder, target }) => {
    if (!target.startsWith(".")) return false;
    const to = relative(src, resolve(src, file, "..", target)).split(sep)[0];
    return order.indexOf(to) > order.indexOf(folder) || !order.includes(to);
  });
  assert.deepEqual(wrong, []);
});

test("each heavy package is imported by its own folder alone", () => {
  const wrong = imports().filter(({ folder, target }) => {
    const name = Object.keys(owners).find((p) => target === p || target.startsWith(`${p}/`));
    return name !== undefined && owners[name] !== folder;
  });
  assert.deepEqual(wrong, []);
});
