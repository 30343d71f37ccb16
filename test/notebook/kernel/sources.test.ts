import assert from "node:assert/strict";
import { test } from "node:test";
import { type Source, Sources } from "../../../src/notebook/kernel/cell/sources";

const count = 300;

function source(label: string): Source {
  return { label, text: `cell ${label} \ud800`, maps: undefined, shifts: [], linesBefore: 1, lines: 9 };
}

function site(file: string, line: number): NodeJS.CallSite {
  return { getFileName: () => file, getLineNumber: () => line, getColumnNumber: () => 3 } as NodeJS.CallSite;
}

test("a frame of the oldest cell is found like one of the latest", () => {
  const sources = new Sources();
  for (let n = 0; n < count; n++) sources.add(`In [${n}]`, source(`In [${n}]`));
  for (let n = 0; n < count; n++) {
    assert.ok(sources.has(`In [${n}]`));
    const frame = sources.frame(site(`In [${n}]`, 4));
    assert.deepEqual(frame, { source: source(`In [${n}]`), place: { line: 2, column: 2 } });
    assert.equal(sources.frame(site(`In [${n}]`, 10)), undefined);
  }
  assert.ok(!sources.has("In [300]"));
  assert.equal(sources.frame(site("In [300]", 1)), undefined);
});

test("a source that is given again replaces the old one, wherever that is", () => {
  const sources = new Sources();
  for (let n = 0; n < count; n++)
    sources.add(`${n % 150}`, source(`${n % 150} of ${n < 150 ? "old" : "new"}`));
  for (let n = 0; n < 150; n++) assert.equal(sources.frame(site(`${n}`, 2))?.source.label, `${n} of new`);
});
