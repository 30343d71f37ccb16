import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { Pace } from "../../src/notebook/pace";
import { progress } from "../../src/notebook/progress";
import {
  type ProgressView,
  progressHtml,
  progressLine,
  progressTerminal,
} from "../../src/notebook/progress-view";
import { setTransport } from "../../src/notebook/transport";
import { root } from "../python";
import { listen, type Sent } from "./channel";

const running: ProgressView = { title: "fit", done: 25, total: 100, status: "running", seconds: 5, rate: 5 };
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const places = (sent: readonly Sent[]) => new Set(sent.map(({ options }) => options.displayId));
const lastLine = (sent: readonly Sent[]) => String(sent.at(-1)?.bundle["text/plain"]);

afterEach(() => setTransport(undefined));

test("a listener updates one display, at most ten times a second, and ends with the time taken", () => {
  const { sent } = listen();
  const onProgress = progress("training");
  for (let done = 0; done <= 10_000; done++) onProgress({ step: "fit", done, total: 10_000, message: "<b>" });
  assert.ok(sent.length >= 2 && sent.length < 20);
  assert.equal(places(sent).size, 1);
  assert.deepEqual([sent[0].options.update, sent[1].options.update], [false, true]);
  assert.match(lastLine(sent), /^training: 10,000\/10,000, done in \d+ ms/);
  assert.match(String(sent.at(-1)?.bundle["text/html"]), /<progress max="10000" value="10000".*&lt;b&gt;/);
});

test("the last state of a listener is shown a moment later when it came too soon, and stop marks it", async () => {
  const { sent } = listen();
  const onProgress = progress();
  for (let done = 1; done <= 5; done++) onProgress({ step: "read", done });
  assert.equal(sent.length, 1);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.match(lastLine(sent), /^read: 5, /);
  onProgress.stop();
  assert.match(lastLine(sent), /^read: stopped at 5 after \d+ ms$/);
});

test("a listener that hears of another step, or of less done, starts its time anew", () => {
  const { sent } = listen();
  const onProgress = progress("both");
  onProgress({ step: "fit", done: 2, total: 2 });
  onProgress({ step: "refit", done: 0, total: 2 });
  onProgress({ step: "refit", done: 2, total: 2 });
  onProgress({ step: "refit", done: 3, total: 2 });
  assert.equal(places(sent).size, 1);
  assert.match(lastLine(sent), /^both: 2\/2, done in 0 ms/);
});

test("a loop passes its items on and ends at 100 %, whatever counts its items", async () => {
  const { sent } = listen();
  assert.deepEqual([...progress([3, 4])], [3, 4]);
  assert.match(lastLine(sent), /^items: 2\/2, done in/);
  assert.deepEqual([...progress(new Map([[1, 2]]), { title: "map" })], [[1, 2]]);
  assert.match(lastLine(sent), /^map: 1\/1, done in/);
  assert.deepEqual([...progress(new Set([1]).values(), { title: "unknown" })], [1]);
  assert.match(lastLine(sent), /^unknown: 1, done in/);
  assert.deepEqual([...progress(new Set([1]).values(), { title: "given", total: 4 })], [1]);
  assert.match(lastLine(sent), /^given: 1\/4, done in/);
  assert.deepEqual([...progress([], { title: "none" })], []);
  assert.match(lastLine(sent), /^none: 0\/0, done in \d+ ms$/);
  async function* later() {
    yield "a";
    yield "b";
  }
  const got: string[] = [];
  for await (const item of progress(later(), { title: "later" })) got.push(item);
  assert.deepEqual(got, ["a", "b"]);
  assert.match(lastLine(sent), /^later: 2, done in/);
});

test("a loop that breaks, throws, or whose source throws, leaves its bar stopped where it was", async () => {
  const { sent } = listen();
  for (const item of progress(numbers(9), { title: "break" })) if (item === 4) break;
  assert.match(lastLine(sent), /^break: 44 %, stopped at 4\/9 after/);
  assert.throws(() => {
    for (const item of progress(numbers(9), { title: "throw" })) if (item === 2) throw new Error("no");
  }, /no/);
  assert.match(lastLine(sent), /^throw: 22 %, stopped at 2\/9 after/);
  assert.match(String(sent.at(-1)?.bundle["text/html"]), /<progress max="9" value="2" style="[^"]*opacity/);
  function* failing() {
    yield 1;
    throw new Error("source");
  }
  assert.throws(() => [...progress(failing(), { title: "source" })], /source/);
  assert.match(lastLine(sent), /^source: stopped at 1 after/);
  async function* later() {
    yield 1;
    yield 2;
  }
  for await (const _ of progress(later(), { title: "later" })) break;
  assert.match(lastLine(sent), /^later: stopped at 0 after/);
});

test("bars of inner loops share one place, and a cell that was interrupted leaves none behind", () => {
  const channel = listen();
  channel.cell = 1;
  for (const _ of progress(numbers(5), { title: "outer" })) {
    for (const _ of progress(numbers(3), { title: "first" }));
    for (const _ of progress(numbers(3), { title: "second" }));
    progress("fit")({ step: "fit", done: 1, total: 1 });
  }
  assert.equal(places(channel.sent).size, 2);
  assert.match(lastLine(channel.sent), /^outer: 5\/5/);
  const inner = channel.sent.filter(({ bundle }) => !String(bundle["text/plain"]).startsWith("outer"));
  assert.match(lastLine(inner), /^fit: 1\/1, done/);
  for (const _ of progress([1], { title: "apart" }));
  assert.equal(places(channel.sent).size, 3);

  const left = progress(numbers(5), { title: "interrupted" });
  left.next();
  channel.cell = 2;
  for (const _ of progress([1], { title: "next" }));
  for (const _ of progress([1], { title: "after" }));
  assert.equal(places(channel.sent).size, 6);
  channel.cell = undefined;
  for (const _ of progress([1], { title: "a" })) for (const _ of progress([1], { title: "b" }));
  assert.equal(places(channel.sent).size, 8);
});

test("many short inner loops send some ten messages a second, not two each", () => {
  const channel = listen();
  channel.cell = 1;
  const start = performance.now();
  for (const _ of progress(numbers(5000), { title: "outer" })) for (const _ of progress([1, 2]));
  const tenths = (performance.now() - start) / 100;
  assert.ok(channel.sent.length <= 8 + 4 * tenths, `${channel.sent.length} in ${tenths} tenths of a second`);
});

test("wrong options and wrong items are refused before the loop", () => {
  assert.throws(() => progress([1], { titel: "a" } as never), { code: "unknown-option" });
  assert.throws(() => progress(3 as never), { code: "invalid-option" });
});

test("a line tells share, count, rate and remaining time", () => {
  assert.equal(progressLine(running), "fit: 25 %, 25/100, 5.0 s, 5/s, 15.0 s left");
  assert.equal(progressLine({ ...running, rate: 0.25 }), "fit: 25 %, 25/100, 5.0 s, 4 s/it, 5 min 0 s left");
  assert.equal(progressLine({ ...running, rate: 0 }), "fit: 25 %, 25/100, 5.0 s");
  assert.equal(progressLine({ ...running, done: 120 }), "fit: 120/100, 5.0 s, 5/s");
  assert.equal(progressLine({ ...running, done: 0, total: 0 }), "fit: 0/0, 5.0 s, 5/s");
  assert.equal(progressLine({ ...running, total: undefined as never }), "fit: 25, 5.0 s, 5/s");
  assert.equal(progressLine({ ...running, status: "stopped" }), "fit: 25 %, stopped at 25/100 after 5.0 s");
  assert.equal(progressLine({ ...running, done: 100, status: "done" }), "fit: 100/100, done in 5.0 s, 20/s");
});

test("a bar in HTML stands still once its work has ended, even where the total was not known", () => {
  const { total: _, ...unknown } = running;
  assert.match(progressHtml(running), /<progress max="100" value="25"/);
  assert.match(progressHtml(unknown), /<progress style/);
  assert.match(progressHtml({ ...unknown, status: "done" }), /<progress max="1" value="1"/);
  assert.match(progressHtml({ ...unknown, status: "stopped" }), /<progress max="1" value="0"/);
  assert.match(progressHtml({ ...running, done: 120 }), /max="100" value="100"/);
  assert.match(progressHtml({ ...running, title: "<b>" }), /&lt;b&gt;/);
});

test("a line of a terminal has a bar of blocks and never exceeds the width", () => {
  assert.equal(
    progressTerminal(running, 70),
    "fit  25 % ▕██████▌                   ▏ 25/100, 5.0 s, 5/s, 15.0 s left",
  );
  assert.equal(progressTerminal(running, 45), "fit  25 % 25/100, 5.0 s, 5/s, 15.0 s left");
  for (let columns = 0; columns < 120; columns++) {
    for (const done of [0, 1, 50, 99, 100, 101]) {
      assert.ok(
        [...progressTerminal({ ...running, done, message: "m".repeat(50) }, columns)].length <= columns,
      );
    }
  }
});

test("the rate follows a change of speed", () => {
  const pace = new Pace(0, 0);
  assert.equal(pace.rate(), 0);
  for (let i = 1; i <= 100; i++) pace.record(10 * i, 100 * i);
  assert.equal(pace.rate(), 100);
  for (let i = 1; i <= 40; i++) pace.record(1000 + i, 10_000 + 100 * i);
  assert.equal(pace.rate(), 10);
  assert.equal(pace.seconds(14_000), 14);
});

test("outside a notebook and a terminal nothing is written", () => {
  const file = JSON.stringify(join(root, "dist", "src", "notebook", "progress.js"));
  const code = `for (const x of require(${file}).progress([1, 2])) ; console.log("end")`;
  const silent = `process.stderr.write = () => { throw new Error("written") }; ${code}`;
  assert.equal(execFileSync(process.execPath, ["-e", silent], { encoding: "utf8" }), "end\n");
});
