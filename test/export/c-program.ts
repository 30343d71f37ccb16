import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fieldsOf, mostDense } from "../../src/export/c/row";
import type { Portable } from "../../src/export/portable";
import { columnOf, isMissing, numberColumn } from "../../src/frame/columns";
import type { Case } from "./cases";

/** What a program says of a row. */
export interface Answer {
  readonly label: number;
  readonly probabilities: Float64Array;
}

/** The compilers of this machine. */
export const compilers: readonly string[] = ["gcc", "clang"].filter(
  (name) => spawnSync(name, ["--version"]).status === 0,
);

const strict = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

/** Compiles a header into an object as C99 and as C++, without a warning. */
export function compilesClean(
  folder: string,
  header: string,
  compiler: string,
  flags: readonly string[] = [],
): void {
  writeFileSync(
    join(folder, "use.c"),
    `#include "${header}"\nint use(void);\nint use(void) { return model_self_test(); }\n`,
  );
  for (const language of [
    ["-x", "c", "-std=c99", "-O1"],
    ["-x", "c++", "-std=c++11", "-fsyntax-only"],
  ]) {
    const args = [...language, ...strict, ...flags, "-c", "use.c", "-o", "use.o"];
    const { status, stderr } = spawnSync(compiler, args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, `${compiler} ${args.join(" ")}\n${stderr.slice(0, 3000)}`);
  }
}

/** Compiles a program that answers rows, and runs its self-test. */
export function program(
  folder: string,
  p: Portable,
  integer: boolean,
  flags: readonly string[] = [],
): string {
  const fields = fieldsOf(p);
  const number = integer ? "int8_t" : "double";
  const real = integer ? "int8_t" : "model_real";
  const output = integer ? "uint32_t" : "model_real";
  const divisor = integer ? " / 65536.0" : "";
  const read = [
    ...fields.numeric.map((f) => `    { ${number} x; get(&x, sizeof x); row[0].${f} = (${real})x; }`),
    ...[...fields.categorical, ...fields.text].map(
      (f) => `    row[0].${f}.bytes = text(&row[0].${f}.length);`,
    ),
  ].join("\n");
  const matrix = `    static ${real} row[${p.matrix?.features ?? 1}]; int j;
    for (j = 0; j < ${p.matrix?.features ?? 1}; j++) { ${number} x; get(&x, sizeof x); row[j] = (${real})x; }`;
  assert.ok(p.matrix === null || p.matrix.features <= mostDense);
  writeFileSync(
    join(folder, "main.c"),
    `#include <stdio.h>
#include <stdlib.h>
#include "model.h"
static void get(void *to, size_t n) { if (fread(to, 1, n, stdin) != n) exit(9); }
static inline const char *text(uint32_t *length) {
  int32_t n; char *bytes;
  get(&n, 4);
  *length = n < 0 ? 0 : (uint32_t)n;
  if (n < 0) return NULL;
  bytes = malloc((size_t)n + 1);
  if (n > 0) get(bytes, (size_t)n);
  return bytes;
}
int main(void) {
  int32_t rows, i; int k, test = model_self_test();
  if (test != 0) { fprintf(stderr, "self-test: row %d", test); return 3; }
  get(&rows, 4);
  for (i = 0; i < rows; i++) {
    ${output} found[MODEL_CLASSES] = {0}; int32_t label;
${p.matrix === null ? `    model_row row[1];\n${read}` : matrix}
    label = model_predict(row);
    if (label >= 0 && model_probabilities(row, found) < 0) return 4;
    fwrite(&label, 4, 1, stdout);
    for (k = 0; k < MODEL_CLASSES; k++) { double x = label < 0 ? -1.0 : (double)found[k]${divisor}; fwrite(&x, 8, 1, stdout); }
  }
  return 0;
}
`,
  );
  const args = [
    "-std=c99",
    ...strict,
    "-O1",
    "-DMODEL_SLOTS=16384u",
    ...flags,
    "main.c",
    "-o",
    "main",
    "-lm",
  ];
  const { status, stderr } = spawnSync(compilers[0], args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stderr.slice(0, 3000));
  return join(folder, "main");
}

/** Runs a program on the rows of a case; `quantized` gives the 8-bit input of a number. */
export function answers(
  path: string,
  c: Case,
  p: Portable,
  quantized?: (x: number, column: number) => number,
): Answer[] {
  const parts: Buffer[] = [];
  const rows = c.features.rows;
  const int = (n: number): void => {
    const b = Buffer.alloc(4);
    b.writeInt32LE(n);
    parts.push(b);
  };
  const number = (x: number, column: number): void => {
    const b = Buffer.alloc(quantized === undefined ? 8 : 1);
    if (quantized === undefined) b.writeDoubleLE(x);
    else b.writeInt8(quantized(x, column));
    parts.push(b);
  };
  const text = (value: unknown): void => {
    if (isMissing(value)) {
      int(-1);
      return;
    }
    const bytes = Buffer.from(String(value), "utf8");
    int(bytes.length);
    parts.push(bytes);
  };
  int(rows);
  const numbers = p.numeric.map(({ name }) => numberColumn(c.frame!, name));
  const strings = [...p.categorical, ...p.text].map(({ name }) => columnOf(c.frame!, name));
  for (let i = 0; i < rows; i++) {
    if (p.matrix !== null) {
      const m = c.features;
      assert.ok(m.kind === "dense");
      for (let j = 0; j < m.columns; j++) number(m.values[i * m.columns + j], j);
      continue;
    }
    for (const [j, column] of numbers.entries()) number(column[i], j);
    for (const column of strings) text(column[i]);
  }
  const run = spawnSync(path, [], { input: Buffer.concat(parts), maxBuffer: 1 << 28, timeout: 120_000 });
  assert.equal(run.status, 0, String(run.stderr));
  const classes = p.classes.length;
  const size = 4 + 8 * classes;
  assert.equal(run.stdout.length, rows * size);
  return Array.from({ length: rows }, (_, i) => ({
    label: run.stdout.readInt32LE(i * size),
    probabilities: Float64Array.from({ length: classes }, (_, k) =>
      run.stdout.readDoubleLE(i * size + 4 + 8 * k),
    ),
  }));
}
