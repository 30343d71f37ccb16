// The sides of bench:predict that are C, compiled by gcc -O3: our header and what m2cgen writes.
import { spawnSync } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Commands by name, without those that can't be built. */
export function buildC(folder, { python, here, dense, columns, classes, most }) {
  const sides = {};
  const ours = dense
    ? "static int one(size_t i) { return model_predict(x + i * COLUMNS); }"
    : `static int one(size_t i) {
  model_row row; row.indices = indices + pointers[i]; row.values = x + pointers[i]; row.count = pointers[i + 1] - pointers[i];
  return model_predict(&row);
}`;
  const size = statSync(join(folder, "model.h")).size;
  const built = build(
    folder,
    "ours",
    { dense, columns, classes },
    `#define MODEL_REAL float\n#include "model.h"`,
    ours,
    size,
  );
  if (built) sides["`toC`, gcc -O3"] = [built, []];
  if (!dense && most === undefined) {
    console.error(
      `m2cgen: not measured, since it writes one term for each of ${columns} columns, in a time that grows with their square (0.8 s for 1,024, 7 s for 3,072)`,
    );
    return sides;
  }
  const written = spawnSync(python, [join(here, "side.py"), folder, "to-c"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (written.status !== 0) {
    console.error(`m2cgen: not measured: ${written.stderr.trim().split("\n").at(-1)}`);
    return sides;
  }
  writeFileSync(join(folder, "m2cgen.h"), written.stdout);
  // Of a sparse row it is given the columns that the model uses, put in their places.
  const sparse = `static int one(size_t i) {
  static uint16_t *slot; static double input[1 + ${most}]; double margin; size_t p;
  if (!slot) {
    size_t n, k; uint32_t *used = all("used.u32", &n);
    slot = calloc(COLUMNS, sizeof *slot);
    for (k = 0; k < n / 4; k++) slot[used[k]] = (uint16_t)(k + 1);
  }
  for (p = pointers[i]; p < pointers[i + 1]; p++) input[slot[indices[p]]] = x[p];
  margin = score(input + 1);
  for (p = pointers[i]; p < pointers[i + 1]; p++) input[slot[indices[p]]] = 0;
  return margin > 0;
}`;
  const theirs = `static int one(size_t i) {
  static double input[COLUMNS], output[CLASSES]; int k, best = 0;
  for (k = 0; k < COLUMNS; k++) input[k] = x[i * COLUMNS + (size_t)k];
  score(input, output);
  for (k = 1; k < CLASSES; k++) if (output[k] > output[best]) best = k;
  return best;
}`;
  const m2cgen = build(
    folder,
    "m2cgen",
    { dense, columns, classes },
    '#include "m2cgen.h"',
    dense ? theirs : sparse,
    written.stdout.length,
  );
  if (m2cgen) sides[dense ? "m2cgen's C, gcc -O3" : "m2cgen's C of the used columns, gcc -O3"] = [m2cgen, []];
  return sides;
}

function build(folder, name, { dense, columns, classes }, include, one, bytes) {
  writeFileSync(
    join(folder, `${name}.c`),
    `#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <sys/resource.h>
#define COLUMNS ${columns}
#define CLASSES ${classes}
${include}
static float *x;
${dense ? "" : "static uint32_t *indices, *pointers;"}
static size_t rows;
static void *all(const char *path, size_t *bytes) {
  FILE *f = fopen(path, "rb"); void *data; if (!f) exit(2);
  fseek(f, 0, SEEK_END); *bytes = (size_t)ftell(f); rewind(f);
  data = malloc(*bytes); if (fread(data, 1, *bytes, f) != *bytes) exit(2);
  fclose(f); return data;
}
${one}
static double now(void) { struct timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return t.tv_sec * 1e6 + t.tv_nsec * 1e-3; }
static int order(const void *a, const void *b) { double d = *(const double *)a - *(const double *)b; return (d > 0) - (d < 0); }
int main(void) {
  size_t n, i; int lap, laps = 0; volatile int sink = 0; static double times[100000]; double end; struct rusage before, after;
  x = all("values.f32", &n); rows = n / 4 / COLUMNS;
${dense ? "" : '  indices = all("indices.u32", &n); pointers = all("pointers.u32", &n); rows = n / 4 - 1;'}
  getrusage(RUSAGE_SELF, &before);
  for (lap = 0; lap < 3; lap++) for (i = 0; i < rows; i++) sink += one(i);
  end = now() + 2e5;
  while (laps < 5 || (now() < end && laps < 100000)) {
    double start = now();
    for (i = 0; i < rows; i++) sink += one(i);
    times[laps++] = (now() - start) / (double)rows;
  }
  qsort(times, (size_t)laps, sizeof *times, order);
  getrusage(RUSAGE_SELF, &after);
  printf("{\\"row\\":%f,\\"bytes\\":${bytes},\\"memory\\":%f}\\n", times[laps / 2], (after.ru_maxrss - before.ru_maxrss) / 1024.0);
  return 0;
}
`,
  );
  const args = ["-O3", "-o", name, `${name}.c`, "-lm"];
  const { status, stderr } = spawnSync("gcc", args, { cwd: folder, encoding: "utf8", timeout: 600_000 });
  if (status === 0) return join(folder, name);
  console.error(`${name}: not measured: ${(stderr ?? "no gcc").trim().split("\n")[0]}`);
  return undefined;
}
