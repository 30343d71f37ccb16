import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { toC } from "../../src/export/c/to-c";
import type { Exported } from "../../src/export/exported";
import { TableEncoder } from "../../src/frame/encoder";
import { SparseMatrix } from "../../src/matrix/sparse";
import type { Scorer } from "../../src/model/scorer";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { modelOf } from "../evaluate/models";
import { hostileTexts } from "./cases";

const folder = mkdtempSync(join(tmpdir(), "logitpress-micro-"));
after(() => rmSync(folder, { recursive: true }));

/** Cortex-M0, AVR, and two of 32 bits, the last of which begins numbers with their high byte; without a library of C. */
const targets = ["thumbv6m-none-eabi", "avr", "riscv32-none-elf", "mips-none-elf"];
const bare = [
  "-ffreestanding",
  "-nostdlibinc",
  "-std=c99",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-pedantic",
  "-Os",
];

function clang(args: readonly string[]): { status: number | null; stderr: string } {
  return spawnSync("clang", args, { cwd: folder, encoding: "utf8" });
}

writeFileSync(join(folder, "nothing.c"), "#include <stdint.h>\nint32_t nothing;\n");
const found = targets.filter(
  (target) => clang([`--target=${target}`, ...bare, "-S", "nothing.c", "-o", "nothing.s"]).status === 0,
);
const skip = found.length === 0 && "no clang that knows them";

/** Bytes of code, of constants and of memory that is written, in an object file of ELF, 32 bits. */
function sectionsOf(elf: Buffer): { code: number; constants: number; other: number } {
  const little = elf[5] === 1;
  const u32 = (at: number): number => (little ? elf.readUInt32LE(at) : elf.readUInt32BE(at));
  const u16 = (at: number): number => (little ? elf.readUInt16LE(at) : elf.readUInt16BE(at));
  const sums = { code: 0, constants: 0, other: 0 };
  for (let k = 0; k < u16(48); k++) {
    const header = u32(32) + k * u16(46);
    const [type, flags, bytes] = [u32(header + 4), u32(header + 8), u32(header + 20)];
    const [progbits, written, held, run] = [1, 1, 2, 4];
    if ((flags & held) === 0) continue;
    if ((flags & run) !== 0) sums.code += bytes;
    else if ((flags & written) !== 0) sums.other += bytes;
    else if (type === progbits) sums.constants += bytes;
  }
  return sums;
}

/** Asserts that a header of integers needs flash and stack alone, and no more than said. @returns the most bytes of stack */
function stackOf({ text: header, facts }: Exported, target: string, slots: number, mostCode: number): number {
  const [dataBytes, codeBytes, stackBytes] = ["dataBytes", "codeBytes", "stackBytes"].map((name) => {
    assert.match(header, new RegExp(`^ {3}${name}: ${facts[name]}$`, "m"));
    return Number(facts[name]);
  });
  writeFileSync(join(folder, "model.h"), header);
  const use =
    "int32_t use(const model_row *row);\nint32_t use(const model_row *row) { return model_predict(row); }\n";
  writeFileSync(join(folder, "use.c"), `#include "model.h"\n${use}`);
  const args = [`--target=${target}`, ...bare, `-DMODEL_SLOTS=${slots}u`, "-S", "-o", "use.s", "use.c"];
  const { status, stderr } = clang([...args, "-fstack-usage", "-Wno-unused-function"]);
  assert.equal(status, 0, `${target}: ${stderr.slice(0, 2000)}`);
  const assembly = readFileSync(join(folder, "use.s"), "utf8");
  assert.doesNotMatch(assembly, /^\s*\.(?:bss|data|l?comm|section\s+\.(?:bss|data))\b/m, target);
  const object = [...args.slice(0, -4), "-ffunction-sections", "-c", "-o", "use.o", "use.c"];
  assert.equal(clang([...object, "-Wno-unused-function"]).status, 0, target);
  const { code, constants, other } = sectionsOf(readFileSync(join(folder, "use.o")));
  assert.ok(code > 0 && code <= mostCode, `${target}: ${code} bytes of code`);
  assert.ok(constants <= dataBytes, `${target}: ${constants} bytes of tables, said to be ${dataBytes}`);
  assert.equal(other, 0, target);
  const usage = readFileSync(join(folder, "use.su"), "utf8").trim().split("\n");
  for (const line of usage) assert.match(line, /\tstatic$/, "no array of a length that is not known");
  const stack = usage.reduce((sum, line) => sum + Number(line.split("\t")[1]), 0);
  if (target.startsWith("thumbv6m")) {
    assert.ok(code <= codeBytes && code > codeBytes / 2, `${code} bytes of code, said to be ${codeBytes}`);
    const said = header.includes("MODEL_SLOTS") ? stackBytes - 8 * (256 - slots) : stackBytes;
    assert.ok(stack <= said && stack > said / 3, `${stack} bytes of stack, said to be ${said}`);
  }
  return stack;
}

async function fitted(
  frame: Record<string, readonly unknown[]>,
  spec: object,
): Promise<[Scorer, TableEncoder]> {
  const { encoder, data } = TableEncoder.fitTransform(frame, spec as never);
  return [await new LogisticRegression({ lambda: 1e-2, tolerance: 1e-3 }).fit(data), encoder];
}

test("a table's model runs in a microcontroller's flash, with less than 256 bytes of stack and no other memory", {
  skip,
}, async () => {
  const rows = Array.from({ length: 200 }, (_, i) => i);
  const frame = {
    label: rows.map((i) => (i % 3 === 0 ? "a" : "b")),
    kind: rows.map((i) => ["x", "y", "z"][i % 3]),
    ...Object.fromEntries(
      Array.from({ length: 28 }, (_, j) => [`n${j}`, rows.map((i) => Math.sin(i * (j + 1)))]),
    ),
  };
  const numeric = Object.keys(frame).filter((name) => name.startsWith("n"));
  const [model, encoder] = await fitted(frame, { label: "label", numeric, categorical: "kind" });
  const exported = toC(model, { encoder, arithmetic: "integer" });
  for (const target of found) {
    const stack = stackOf(exported, target, 16, 2048);
    assert.ok(stack < 256, `${target}: ${stack} bytes of stack`);
  }
});

test("so does the hashing of texts, in less than 2 kB for 64 different n-grams a pass", {
  skip,
}, async () => {
  const words = hostileTexts.flatMap((text) => text.split(" "));
  const note = Array.from(
    { length: 120 },
    (_, i) => `${words[i % words.length]} ${words[(i * 7) % words.length]}`,
  );
  const label = note.map((_, i) => (i % 2 === 0 ? "a" : "b"));
  const spec = { label: "label", text: { column: "note", bits: 8, ngrams: [1, 2] } };
  const [model, encoder] = await fitted({ note, label }, spec);
  const exported = toC(model, { encoder, arithmetic: "integer", text: "ascii" });
  for (const target of found) {
    const stack = stackOf(exported, target, 64, 6144);
    assert.ok(stack < 2048, `${target}: ${stack} bytes of stack`);
  }
});

test("so does a sparse model of 800 weights of 262,144 columns, in less than 6 kB of flash", { skip }, () => {
  const weights = new Array<number>(262_144).fill(0);
  for (let i = 0; i < 800; i++) weights[(i * 7919) % weights.length] = Math.sin(i + 1);
  const row = Uint32Array.from({ length: 400 }, (_, i) => (i * 2 * 7919) % weights.length).sort();
  const exported = toC(modelOf(["a", "b"], "binary", weights, [0.5]), {
    arithmetic: "integer",
    examples: new SparseMatrix(1, weights.length, Uint32Array.of(0, row.length), row, null),
  });
  assert.ok(Number(exported.facts.dataBytes) + Number(exported.facts.codeBytes) < 6000);
  for (const target of found) {
    const stack = stackOf(exported, target, 16, 1024);
    assert.ok(stack < 256, `${target}: ${stack} bytes of stack`);
  }
});
