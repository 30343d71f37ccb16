#!/usr/bin/env node
// npm run bench:encode: tables and text turned into features, beside scikit-learn, on the same data in the same run.
// Each side is a process that reads the data once and then takes turns; `--rounds N` (default 5), `--rows N` (default 1000000),
// `--cases table` or `--cases text` (default: both).
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { kept, root } from "../train/data.mjs";
import { cases, emails, writeTable } from "./data.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const windows = process.platform === "win32";
const venv = join(kept, "encode-venv");
const python = join(venv, windows ? "Scripts/python.exe" : "bin/python");

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    rows: { type: "string", default: "1000000" },
    cases: { type: "string", default: "" },
  },
});
const rounds = Number(values.rounds);
const rows = Number(values.rows);

install();
const table = writeTable(join(kept, "data", `encode-${rows}`), rows);
const sides = {
  logitpress: start(process.execPath, [join(here, "ours.mjs"), table, emails(root)]),
  "scikit-learn": start(python, [join(here, "peers.py"), table, emails(root)]),
};
try {
  for (const name of cases.filter((one) => one.startsWith(values.cases))) await compared(name);
} finally {
  for (const { child } of Object.values(sides)) child.kill();
}

/** Times each side in turn, after one round that does not count, and prints median, least and most. */
async function compared(name) {
  const times = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  const facts = {};
  for (let round = -1; round < rounds; round++) {
    for (const [side, { ask }] of Object.entries(sides)) {
      const answer = await ask(name);
      facts[side] = answer.fact;
      if (round >= 0) times[side].push(answer);
    }
  }
  console.log(`${name}`);
  for (const side of Object.keys(sides)) {
    const [clock, cpu] = ["seconds", "cpu"].map((field) => spread(times[side].map((time) => time[field])));
    console.log(`  ${side.padEnd(14)} ${told(clock)} s, processor ${told(cpu)} s; ${facts[side]}`);
  }
  const ratios = ["seconds", "cpu"].map((field) =>
    spread(times.logitpress.map((time, k) => times["scikit-learn"][k][field] / time[field])),
  );
  console.log(`  scikit-learn / logitpress: ${told(ratios[0])}, processor ${told(ratios[1])}`);
}

function spread(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return [sorted[sorted.length >> 1], sorted[0], sorted.at(-1)];
}

function told([median, least, most]) {
  const short = (x) => String(Number(x.toPrecision(3)));
  return `${short(median)} [${short(least)}-${short(most)}]`;
}

function start(command, args) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (name) => {
    child.stdin.write(`${name}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args[0]} ended`);
    return JSON.parse(value);
  };
  return { child, ask };
}

function install() {
  const wanted = readFileSync(join(here, "requirements.txt"), "utf8");
  const stamp = join(venv, "installed.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  mkdirSync(kept, { recursive: true });
  const base = process.env.LOGITPRESS_PYTHON ?? (windows ? "python" : "python3");
  if (!existsSync(python)) run(base, ["-m", "venv", venv]);
  run(python, ["-m", "pip", "install", "-q", "--no-deps", "-r", join(here, "requirements.txt")]);
  writeFileSync(stamp, wanted);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `exit code ${status}`}`);
}
