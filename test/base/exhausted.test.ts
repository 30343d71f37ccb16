import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readJson } from "../../src/frame/read";
import { readSvmlight } from "../../src/frame/svmlight";
import { SparseMatrix } from "../../src/matrix/sparse";
import { python, root } from "../python";
import { refusal } from "../refusal";

const folder: string = mkdtempSync(join(tmpdir(), "logitpress-exhausted-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Only Linux bounds addresses as asked; what is tested is what any system answers. */
const limited = { skip: process.platform !== "linux" };
const index = JSON.stringify(join(root, "dist", "src", "index.js"));
const small = "Dataset.from({ features: [[1, 0], [2, 1], [-1, 0], [-2, 1]], labels: ['a', 'b', 'a', 'b'] })";

/** Runs a command of the shell within a limit, in the folder. */
function within(limit: string, args: readonly string[], options = "") {
  const env = { ...process.env, NODE_OPTIONS: options, LOGITPRESS_PYTHON: python };
  const command = `${limit} && exec "$0" "$@"`;
  return spawnSync("/bin/bash", ["-c", command, process.execPath, ...args], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
}

/** What a program that has the library as `l` prints, or the code and message of what it throws. */
function told(limit: string, body: string, options = ""): string {
  const code =
    `const l = require(${index}); const { Dataset } = l;` +
    `(async () => { ${body} })().catch((e) => console.log(e.name, e.code, e.message))`;
  const { stdout, stderr } = within(limit, ["-e", code], options);
  assert.equal(stderr, "");
  return stdout.trim();
}

const fit = `const { fit } = await new l.LogisticRegression({ lambda: 0.1 }).fit(${small}); console.log(fit.converged);`;

test("where addresses are limited, a fit says so, and its remedy is one", limited, () => {
  const limit = "ulimit -v 6000000";
  const said = told(limit, fit);
  assert.match(said, /^LogitpressError failed failed reserving addresses for WebAssembly's memory; expected/);
  assert.match(said, /ulimit -v.*NODE_OPTIONS=--disable-wasm-trap-handler/);
  assert.equal(told(limit, fit, "--disable-wasm-trap-handler"), "true");
});

test("numbers that the process has no room for are refused with what was asked and is free", limited, () => {
  const rows = 30_000;
  const matrix = `Array(${rows}).fill(Array(30000).fill(1))`;
  const said = told(
    "ulimit -v 4000000",
    `console.log(Dataset.from({ features: ${matrix}, labels: Array(${rows}).fill('a') }).rows)`,
  );
  assert.match(
    said,
    /^LogitpressError invalid-data invalid bytes of memory for a dense matrix of 30,000 rows x 30,000 columns: 3600000000; expected .*, of which \d+ are free\. Take fewer rows/,
  );
});

test("memory of WebAssembly that can't grow is refused with what is needed", limited, () => {
  const memory = JSON.stringify(join(root, "dist", "src", "simd", "memory.js"));
  const said = told(
    "ulimit -v 2500000",
    `new (require(${memory}).Arena)().floats(4e8)`,
    "--disable-wasm-trap-handler",
  );
  assert.match(
    said,
    /^LogitpressError invalid-data invalid memory that .*, in bytes: 320\d+; expected at most 4294967296/,
  );
});

test("a dense matrix beyond what an array can hold is refused", () => {
  const none = new Uint32Array(1_000_001);
  const matrix = new SparseMatrix(1_000_000, 4_000_000_000, none, new Uint32Array(0), null);
  assert.throws(
    () => matrix.toDense(),
    refusal("invalid-data", "a dense matrix of 1,000,000 rows x 4,000,000,000 columns: 16000000000000000"),
  );
});

test("JSON longer than a text can be, and lines without end, are refused", async () => {
  const json = join(folder, "long.json.gz");
  writeFileSync(json, gzipSync(Buffer.alloc(540_000_000, " "), { level: 1 }));
  await assert.rejects(readJson(json), refusal("invalid-file", json, "JSON lines (.jsonl)"));
  const lines = join(folder, "long.svm.gz");
  writeFileSync(lines, gzipSync(`1 1:1\n2 ${"1:1 ".repeat(20_000_000)}`, { level: 1 }));
  await assert.rejects(readSvmlight(lines), refusal("invalid-file", `line 2 of ${lines}`, "lines that end"));
});

/** Node ignores the signal of a file that grows beyond its limit, and writing fails as on a full disk. */
const full = "ulimit -f 1";

test(
  "on a full disk models, reports, exports and executed notebooks leave the file that was there",
  limited,
  () => {
    const before = "as it was";
    const names = ["model.logit", "page.html", "model.c", "model.h", "out.ipynb", "out.csv"];
    for (const name of names) writeFileSync(join(folder, name), before);
    const random = "Array.from({ length: 3000 }, (_, i) => Math.sin(i * i + 1))";
    const wide = `Dataset.from({ features: [${random}, ${random}.reverse()], labels: ["a", "b"] })`;
    const caught = "((e) => console.log(e.name, e.code, e.message))";
    const said = told(
      full,
      `const m = await new l.LogisticRegression({ lambda: 0.1 }).fit(${wide});` +
        `await l.save(m, "model.logit").catch(${caught});` +
        `await l.report({ title: "x", sections: [{ title: "y", content: ["z".repeat(9999)] }] }).save("page.html").catch(${caught});` +
        `await l.saveExport(l.toC(m), "model.c").catch(${caught});`,
    ).split("\n");
    assert.equal(said.length, 3, said.join("\n"));
    for (const line of said) {
      assert.match(
        line,
        /^LogitpressError failed failed writing .*; expected room for all of it on the disk\. Free some/,
      );
    }
    const cell = {
      cell_type: "code",
      metadata: {},
      outputs: [],
      execution_count: null,
      source: '"x".repeat(5000)',
    };
    const notebook = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    writeFileSync(join(folder, "in.ipynb"), JSON.stringify(notebook));
    const rows = Array.from({ length: 400 }, (_, i) => `${i},${i % 3 ? "a" : "b"}`);
    writeFileSync(join(folder, "in.csv"), `x,y\n${rows.join("\n")}\n`);
    const main = join(root, "dist", "src", "cli", "main.js");
    const small = join(folder, "small.logit");
    assert.equal(within("true", [main, "fit", "in.csv", "--label", "y", "-o", small]).status, 0);
    for (const args of [
      ["run", "in.ipynb", "--output", "out.ipynb"],
      ["predict", small, "in.csv", "-o", "out.csv"],
    ]) {
      const { status, stderr } = within(full, [main, ...args]);
      assert.equal(status, 1, stderr);
      assert.match(stderr, /^logitpress: failed writing .*(?:on the disk\. Free some|File too large)/m);
    }
    for (const name of names) assert.equal(readFileSync(join(folder, name), "utf8"), before, name);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes("tmp")),
      [],
    );
  },
);
