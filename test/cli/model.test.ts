import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { toC } from "../../src/export/c/to-c";
import { TableEncoder } from "../../src/frame/encoder";
import { columnsOfTable } from "../../src/frame/read";
import { load } from "../../src/pack/file";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { sql } from "../engine/tables";
import { root } from "../python";
import { command, newFolder, program } from "./command";

const folder: string = newFolder("model");
after(() => rmSync(folder, { recursive: true, force: true }));

const cities = ["Rome", "Oslo", "São, Paulo"];
const notes = [
  "cheap watches for sale",
  "minutes of the meeting",
  "win cheap prizes now",
  "see you at the meeting",
];

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function json(args: readonly string[]): ReturnType<typeof JSON.parse> {
  const { status, stdout, stderr } = command(folder, [...args, "--json"]);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

before(() => {
  const rows = Array.from({ length: 240 }, (_, i) => {
    const age = 20 + ((7 * i) % 45);
    const kind = age + 9 * (i % 3) + (i % 4 === 0 ? 6 : 0) > 50 ? '"buys, often"' : "no";
    return `${age},"${cities[i % 3]}",${notes[i % 4]} ${i},same,${kind}`;
  });
  write("people.csv", `age,city,note,constant,kind\n${rows.join("\n")}\n`);
});

test("fit, evaluate, predict and inspect agree with the library", async () => {
  const fitted = json(["fit", "people.csv", "--label", "kind", "--lambda", "0.01", "-o", "people.logit"]);
  const frame = Object.fromEntries(await columnsOfTable(join(folder, "people.csv")));
  const spec = { label: "kind", numeric: "age", categorical: "city", text: "note" };
  const encoder = TableEncoder.fit(frame, spec);
  const data = encoder.transform(frame);
  const model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  assert.deepEqual(fitted.columns, {
    numeric: ["age"],
    categorical: ["city"],
    text: ["note"],
    constant: ["constant"],
  });
  assert.equal(fitted.objective, model.fit.objective);
  assert.deepEqual([fitted.features, fitted.classes, fitted.nonzeros], [model.features, 2, model.nonzeros]);
  assert.ok(fitted.dualityGap >= 0 && fitted.iterations > 0 && fitted.seconds > 0);

  const packed = await load(join(folder, "people.logit"));
  const judged = json(["evaluate", "people.logit", "people.csv", "--label", "kind"]);
  assert.equal(judged.rows, 240);
  assert.equal(judged.accuracy, packed.score(data));
  for (const name of ["logLoss", "auc"]) assert.ok(judged[name] > 0 && judged[name] <= 1);

  const said = json(["predict", "people.logit", "people.csv", "-o", "out.csv"]);
  assert.deepEqual(said, { rows: 240, output: "out.csv" });
  const lines = readFileSync(join(folder, "out.csv"), "utf8").trimEnd().split("\n");
  assert.equal(lines[0], 'label,"buys, often",no');
  assert.equal(lines.length, 241);
  const { values } = packed.predictProba(data.features);
  lines.slice(1).forEach((line, i) => {
    const [, label, first, second] = /^(".*"|no),([^,]+),([^,]+)$/.exec(line)!;
    assert.deepEqual([Number(first), Number(second)], [values[2 * i], values[2 * i + 1]]);
    assert.equal(label, values[2 * i + 1] > 0.5 ? "no" : '"buys, often"');
  });
  const printed = command(folder, ["predict", "people.logit", "people.csv"]);
  assert.equal(printed.stdout, readFileSync(join(folder, "out.csv"), "utf8"));

  const inside = json(["inspect", "people.logit"]);
  assert.deepEqual(
    [inside.bytes, inside.nonzeros, inside.features],
    [fitted.bytes, packed.nonzeros, packed.features],
  );
  const sum = inside.sections.reduce((total: number, section: { bytes: number }) => total + section.bytes, 0);
  assert.equal(sum, readFileSync(join(folder, "people.logit")).length);
});

test("rows are scored alike from CSV, Parquet, JSON and lines of JSON, packed or not, and from a pipe", async () => {
  json(["fit", "people.csv", "--label", "kind", "-o", "forms.logit"]);
  const at = (name: string) => join(folder, name).replaceAll("'", "''");
  await sql([
    `CREATE TABLE rows AS SELECT * FROM read_csv('${at("people.csv")}')`,
    `COPY rows TO '${at("forms.parquet")}' (FORMAT parquet, CODEC 'zstd')`,
    `COPY rows TO '${at("forms.jsonl")}' (FORMAT json)`,
    `COPY rows TO '${at("forms.json")}' (FORMAT json, ARRAY true)`,
  ]);
  writeFileSync(join(folder, "forms.csv.gz"), gzipSync(readFileSync(join(folder, "people.csv"))));
  const { stdout } = command(folder, ["predict", "forms.logit", "people.csv"]);
  for (const form of ["parquet", "jsonl", "json", "csv.gz"]) {
    const said = command(folder, ["predict", "forms.logit", `forms.${form}`]);
    assert.equal(said.stdout, stdout, `${form}: ${said.stderr}`);
    assert.equal(said.stderr, "", "no progress where nobody looks");
  }
  if (process.platform === "win32") return;
  const line = 'mkfifo pipe.csv; cat people.csv > pipe.csv & exec "$0" "$1" predict forms.logit pipe.csv';
  const piped = spawnSync("sh", ["-c", line, process.execPath, program], { cwd: folder, encoding: "utf8" });
  assert.equal(piped.stdout, stdout, piped.stderr);
  const fits = 'cat people.csv > pipe.csv & exec "$0" "$1" fit pipe.csv --label kind -o piped.logit --json';
  const fitted = spawnSync("sh", ["-c", fits, process.execPath, program], { cwd: folder, encoding: "utf8" });
  assert.equal(fitted.status, 0, fitted.stderr);
  assert.equal(JSON.parse(fitted.stdout).rows, 240, "what the warm-up looks at is not lost to the fit");
});

test("the classes of a table that is read as text are those of the fit", () => {
  const text = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i % 7) / 2},${Number(i % 7 > 2)}`).join(
    "\n",
  );
  write("numbers.csv", `a,level,y\n${text}\n`);
  const options = ["--label", "y", "--categorical", "level", "-o", "numbers.logit"];
  const { labels, columns } = json(["fit", "numbers.csv", ...options]);
  assert.deepEqual(labels, [0, 1]);
  assert.deepEqual(columns.categorical, ["level"]);
  const same = json(["evaluate", "numbers.logit", "numbers.csv"]);
  write(
    "same.csv",
    `y,level,a\n${text.replace(/^(.*),(.*),(.*)$/gm, (_, a, l, y) => `${y},${Number(l).toFixed(2)},${a}.0`)}\n`,
  );
  assert.equal(json(["evaluate", "numbers.logit", "same.csv"]).logLoss, same.logLoss);
  const plain = command(folder, ["predict", "numbers.logit", "numbers.csv"]).stdout;
  assert.equal(command(folder, ["predict", "numbers.logit", "same.csv"]).stdout, plain);
});

test("svmlight needs no label, and predicts rows of fewer columns", () => {
  write("a.svm", "1 1:1 2:1\n0 2:1\n1 1:1\n0 3:1\n");
  const fitted = json(["fit", "a.svm", "--penalty", "l1", "--lambda", "0.05", "-o", "a.logit"]);
  assert.deepEqual([fitted.features, fitted.labels], [3, [0, 1]]);
  assert.ok(fitted.nonzeros < 3);
  assert.equal(json(["evaluate", "a.logit", "a.svm"]).rows, 4);
  write("b.svm", "0 1:1\n");
  assert.match(command(folder, ["predict", "a.logit", "b.svm"]).stdout, /^label,0,1\n1,/);
  write("c.svm", "0 4:1\n");
  const { status, stderr } = command(folder, ["predict", "a.logit", "c.svm"]);
  assert.equal(status, 1);
  assert.match(stderr, /"4:1".*up to 3/);
});

test("a table larger than the memory is scored and judged", () => {
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${i % 45},Rome,${"note ".repeat(10)}${i},same,no\n`,
  ).join("");
  write("large.csv", `age,city,note,constant,kind\n${rows.repeat(1800)}`);
  json(["fit", "people.csv", "--label", "kind", "--hash-bits", "10", "-o", "people.logit"]);
  const small = { NODE_OPTIONS: "--max-old-space-size=48" };
  const { status, stderr } = command(
    folder,
    ["predict", "people.logit", "large.csv", "-o", "large.out"],
    small,
  );
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^720000 rows in large\.out\n$/);
  const judged = command(folder, ["evaluate", "people.logit", "large.csv", "--json"], small);
  assert.equal(judged.status, 0, judged.stderr);
  const { rows: count, accuracy, aucBound } = JSON.parse(judged.stdout);
  assert.deepEqual([count, aucBound], [720_000, null]);
  const said = readFileSync(join(folder, "large.out"), "utf8").split("\n");
  assert.equal(accuracy, said.filter((line) => line.startsWith("no,")).length / 720_000);
  for (const name of ["large.csv", "large.out"]) rmSync(join(folder, name));
});

test("compress finds a small file of a model or of data, and says what it loses", async () => {
  const table = join(root, "src/frame/data/breast-cancer.csv");
  json(["fit", table, "--label", "diagnosis", "--lambda", "1e-3", "-o", "cancer.logit"]);
  const budget = ["--max-accuracy-drop", "0.015", "--seed", "2", "--threads", "1"];
  const found = json(["compress", "cancer.logit", "--data", table, "-o", "small.logit", ...budget]);
  const bytes = readFileSync(join(folder, "small.logit"));
  assert.equal(found.bytes, bytes.length);
  const { nonzeros } = await load(join(folder, "small.logit"));
  assert.equal(found.nonzeros, nonzeros);
  assert.ok(nonzeros < 12 && found.validation.accuracy > 0.93);
  assert.ok(found.front.length > 2);
  assert.ok(json(["evaluate", "small.logit", table]).accuracy > 0.93);
  const rows = table.replaceAll("\\", "/");
  const own = json(["compress", rows, "--label", "diagnosis", "--max-bytes", "400000", "-o", "own.logit"]);
  assert.ok(own.met && own.validation.logLoss < 0.2);
});

test("the front tells the bytes of files, of the columns that are used alone, and a budget of bytes is of those", async () => {
  const table = join(root, "src/frame/data/breast-cancer.csv");
  const call = ["compress", table, "--data", table, "--label", "diagnosis", "-o", "few.logit"];
  const { front, baseline } = json([...call, "--max-bytes", "100000"]);
  assert.ok(baseline.bytes > 30 * 8, "means and scales of all columns count");
  const wanted = front[Math.floor(front.length / 2)];
  const found = json([...call, "--max-bytes", String(wanted.bytes)]);
  const bytes = readFileSync(join(folder, "few.logit"));
  assert.ok(found.met && found.bytes === bytes.length && bytes.length <= wanted.bytes);
  const { encoder } = await load(join(folder, "few.logit"));
  assert.ok(encoder!.columns <= found.nonzeros);
  const names = Buffer.byteLength(
    encoder!
      .state()
      .numeric.map(({ name }) => name)
      .join(" "),
  );
  assert.ok(bytes.length < names + 8 * encoder!.columns + 60, `${bytes.length} bytes, ${names} of names`);
});

test("every export is written from the command line, and the C is what the library writes", async () => {
  json(["fit", "people.csv", "--label", "kind", "--text", "note", "--hash-bits", "8", "-o", "people.logit"]);
  const model = await load(join(folder, "people.logit"));
  const c = json(["export", "people.logit", "--to", "c", "--name", "kind", "-o", "kind.h"]);
  assert.deepEqual([c.format, c.files], ["c", ["kind.h"]]);
  assert.equal(readFileSync(join(folder, "kind.h"), "utf8"), toC(model, { name: "kind" }).text);
  const written: Record<string, RegExp> = { js: /export/, sql: /SELECT/, sklearn: /./, onnx: /./ };
  for (const [to, holds] of Object.entries(written)) {
    if (to === "sql") json(["fit", "numbers.csv", "--label", "y", "-o", "plain.logit"]);
    const from = to === "sql" ? "plain.logit" : "people.logit";
    const { files } = json(["export", from, "--to", to, "-o", `${to}.${to === "js" ? "mjs" : to}`]);
    assert.match(readFileSync(join(folder, files[0]), "utf8"), holds);
  }
});

test("mistakes are one line, leave no file and the exit code 1, or 2 where the call itself is wrong", () => {
  mkdirSync(join(folder, "sub"), { recursive: true });
  write("empty.csv", "");
  write("empty.logit", "");
  symlinkSync("people.csv", join(folder, "linked.csv"));
  symlinkSync("nowhere", join(folder, "gone.csv"));
  const bytes = ["people.csv", "people.logit"].map((name) => readFileSync(join(folder, name)));
  const before = readdirSync(folder).length;
  const cases: readonly (readonly [readonly string[], RegExp, 2?])[] = [
    [["fit", "people.csv", "-o", "x.logit"], /missing --label/, 2],
    [["fit", "people.csv", "--label", "kind"], /missing --output/, 2],
    [
      ["fit", "people.csv", "--label", "sort", "-o", "x.logit"],
      /missing column: "sort"; expected one of age, city/,
    ],
    [["fit", "people.csv", "--label", "kind", "--text", "nope", "-o", "x.logit"], /missing column: "nope"/],
    [
      ["fit", "people.csv", "--label", "kind", "--text", "note", "--drop", "age,note", "-o", "x.logit"],
      /one option only/,
      2,
    ],
    [
      ["fit", "people.csv", "--label", "kind", "--lambda", "much", "-o", "x.logit"],
      /--lambda: "much"; expected a number/,
      2,
    ],
    [["fit", "people.csv", "--label", "kind", "--solver", "magic", "-o", "x.logit"], /solver: "magic"/, 2],
    [["fit", "people.csv", "--label", "kind", "-o", "none/x.logit"], /none\/x\.logit.*writable/],
    [["fit", "people.csv", "--label", "kind", "-o", "sub"], /"sub".*writable/],
    [["fit", "none.csv", "--label", "kind", "-o", "x.logit"], /none\.csv/],
    [["fit", "sub.csv", "--label", "kind", "-o", "x.logit"], /sub\.csv/],
    [["fit", "empty.csv", "--label", "kind", "-o", "x.logit"], /empty table/],
    [["fit", "people.xls", "--label", "kind", "-o", "x.logit"], /people\.xls.*\.parquet/],
    [["predict", "empty.logit", "people.csv"], /empty\.logit|file/],
    [["predict", "sub", "people.csv"], /"sub"/],
    [["predict", "people.logit"], /arguments: "people\.logit"; expected MODEL\.logit DATA/, 2],
    [["predict", "people.logit", "numbers.csv"], /missing column: "age"/],
    [["predict", "a.logit", "people.csv"], /without an encoder.*\.svm/],
    [["predict", "people.logit", "people.csv", "--json"], /missing --output/, 2],
    [["evaluate", "people.logit", "people.csv", "--label", "sort"], /missing column: "sort"/],
    [["inspect", "people.csv"], /people\.csv|file/],
    [["compress", "people.logit", "-o", "x.logit", "--max-bytes", "9"], /missing --data/, 2],
    [["compress", "people.csv", "--label", "kind", "-o", "x.logit"], /--max-bytes, --max-accuracy-drop/, 2],
    [
      [
        "compress",
        "people.csv",
        "--data",
        "numbers.csv",
        "--label",
        "y",
        "--max-bytes",
        "9",
        "-o",
        "x.logit",
      ],
      /invalid --data: "numbers.csv"; expected people.csv/,
      2,
    ],
    [
      ["compress", "people.csv", "--label", "kind", "--max-bytes", "9", "--effort", "all", "-o", "x.logit"],
      /effort: "all"/,
      2,
    ],
    [["export", "people.logit", "-o", "x.h"], /missing --to/, 2],
    [["export", "people.logit", "--to", "java", "-o", "x.h"], /--to: "java"; expected one of c, js/, 2],
    [["export", "people.logit", "--to", "c", "-o", "none/x.h"], /none\/x\.h/],
    [["export", "people.logit", "--to", "c", "--name", "1 x", "-o", "x.h"], /name: "1 x"/, 2],
    [
      ["export", "people.logit", "--to", "sql", "--table", "", "-o", "x.sql"],
      /table: ""; expected a name/,
      2,
    ],
    [
      ["fit", "people.csv", "--label", "kind", "-o", "people.csv"],
      /another file than what is read\. Name/,
      2,
    ],
    [["fit", "people.csv", "--label", "kind", "-o", "linked.csv"], /"linked\.csv"; expected another file/, 2],
    [["predict", "people.logit", "people.csv", "-o", "people.logit"], /another file than what is read/, 2],
    [["export", "people.logit", "--to", "c", "-o", "people.logit"], /another file than what is read/, 2],
    [
      ["compress", "people.logit", "--data", "people.csv", "-o", "people.csv", "--max-bytes", "9"],
      /another file/,
      2,
    ],
    [["fit", "people.csv", "--label", "kind", "-o", ""], /--output: ""; expected the path of the model/, 2],
    [
      ["fit", "people.csv", "--label", "age", "--label", "kind", "-o", "x.logit"],
      /"--label"; expected it once/,
      2,
    ],
    [
      ["fit", "people.csv", "--label", "kind", "--numeric", "age,kind", "-o", "x.logit"],
      /"kind".*one option/,
      2,
    ],
    [
      ["fit", "people.csv", "--label", "kind", "--drop", "", "-o", "x.logit"],
      /--drop: "".*names of columns/,
      2,
    ],
    [
      ["fit", "numbers.csv", "--label", "y", "--hash-bits", "9", "-o", "x.logit"],
      /"9"; expected a column of text/,
      2,
    ],
    [
      ["fit", "a.svm", "--text", "note", "-o", "x.logit"],
      /--text: "note".*svmlight file, which is encoded/,
      2,
    ],
    [
      [
        "compress",
        "people.logit",
        "--data",
        "people.csv",
        "-o",
        "x.logit",
        "--max-bytes",
        "9",
        "--drop",
        "age",
      ],
      /--drop: "age"; expected no such option beside a model/,
      2,
    ],
    [["inspect", "people.logit", "--top", "0.5"], /--top: 0\.5; expected an integer/, 2],
    [["evaluate", "people.logit", "sub"], /table: "sub"; expected a name that ends in \.csv/],
    [["evaluate", "people.logit", "gone.csv"], /"gone\.csv"; expected a file that can be read/],
    [["inspect", "gone.csv"], /"gone\.csv"; expected a readable file/],
  ];
  for (const [args, said, code] of cases) {
    const { status, stdout, stderr } = command(folder, args);
    assert.equal(status, code ?? 1, args.join(" "));
    assert.match(stderr, said, args.join(" "));
    assert.match(stderr, /^logitpress: .*\n$/);
    if (!args.includes("--json")) assert.equal(stdout, "");
  }
  assert.equal(readdirSync(folder).length, before);
  assert.deepEqual(
    ["people.csv", "people.logit"].map((name) => readFileSync(join(folder, name))),
    bytes,
  );
});

test("breast cancer from a table to a file of its own", () => {
  const table = join(root, "src/frame/data/breast-cancer.csv");
  const { classes, nonzeros } = json(["fit", table, "--label", "diagnosis", "-o", "cancer.logit"]);
  assert.deepEqual([classes, nonzeros], [2, 30]);
  assert.ok(json(["evaluate", "cancer.logit", table]).accuracy > 0.98);
});
