import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../python";
import { command, newFolder, writeNotebook } from "./command";

const folder: string = newFolder("readme");
after(() => rmSync(folder, { recursive: true, force: true }));

const said = {
  spam: ["cheap watches for sale today", "win cheap prizes now", "click here for free money"],
  ham: ["minutes of the meeting", "see you at lunch", "the patch fixes the build"],
};

/** E-mails as lines of JSON, of which the number tells the text. */
function mails(count: number, from: number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const kind = i % 3 === 0 ? "spam" : "ham";
    const [first, second] = [said[kind][(i + from) % 3], said[kind][(i * 7 + from) % 3]];
    return JSON.stringify({ kind, body: `${first}, ${second} ${i + from}` });
  });
  return `${lines.join("\n")}\n`;
}

/** The commands of the README's part on the command line, words apart, comments left out. */
const commands: readonly (readonly string[])[] = readFileSync(join(root, "README.md"), "utf8")
  .split("\n## Command line\n")[1]
  .match(/```sh\n([\s\S]*?)```/)![1]
  .split("\n")
  .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
  .filter(([first]) => first === "npx")
  .map(([, program, ...args]) => [program, ...args]);

before(() => {
  writeFileSync(join(folder, "mails.jsonl"), mails(300, 0));
  writeFileSync(join(folder, "later.jsonl"), mails(60, 1_000));
  writeNotebook(folder, "report.ipynb", [
    { source: "const alpha = 0.1;", tags: ["parameters"] },
    "console.log(alpha)",
  ]);
});

// A cluster takes a download, and has tests of its own: test/engine/spark.
const elsewhere = new Set(["kernel", "spark"]);

test("the README's commands do what stands beside them, one after another", () => {
  assert.deepEqual(new Set(commands.map(([program]) => program)), new Set(["logitpress"]));
  const run = commands.filter(([, name]) => !elsewhere.has(name)).map(([, ...args]) => args);
  assert.deepEqual(
    run.map(([name]) => name),
    ["run", "fit", "evaluate", "compress", "predict", "export", "inspect"],
  );
  const printed = new Map(
    run.map((args) => {
      const { status, stdout, stderr } = command(folder, args);
      assert.equal(status, 0, `${args.join(" ")}: ${stderr}`);
      const output = args[args.indexOf("-o") + 1];
      if (args.includes("-o")) assert.ok(existsSync(join(folder, output)), output);
      return [args[0], stdout];
    }),
  );
  assert.match(readFileSync(join(folder, "report.html"), "utf8"), /0\.5/);
  assert.match(printed.get("evaluate")!, /accuracy/);
  assert.equal(readFileSync(join(folder, "kinds.csv"), "utf8").trimEnd().split("\n").length, 61);
  assert.match(readFileSync(join(folder, "kinds.mjs"), "utf8"), /export/);
  assert.match(printed.get("inspect")!, /positions|codes|values/);
});
