import assert from "node:assert/strict";
import { test } from "node:test";
import { toJavaScript } from "../../src/export/javascript/to-javascript";
import { toOnnx } from "../../src/export/onnx/to-onnx";
import "../../src/notebook/display";
import { bundleOf } from "../../src/notebook/render";
import { modelOf, normals } from "../evaluate/models";

const hostile = "</pre><script>alert(1)</script>";
const model = modelOf(["ham", hostile], "binary", normals(4, 1), [0.5]);

test("an export shows its files, what is known of it, and its text, folded and escaped", async () => {
  const exported = toJavaScript(model, { name: "spam" });
  const bundle = await bundleOf(exported);
  const text = String(bundle["text/plain"]);
  for (const { name } of exported.files)
    assert.match(text, new RegExp(`^${name.replaceAll(".", "\\.")} `, "m"));
  assert.match(text, /^code bytes +[\d,]+$/m);
  const html = String(bundle["text/html"]);
  assert.match(html, /<details><summary[^>]*>spam\.mjs<\/summary><pre/);
  const [longest] = [...exported.text.matchAll(/\w{16,}/g)]
    .map(([run]) => run)
    .sort((a, b) => b.length - a.length);
  assert.ok(html.includes(longest), longest);
  assert.doesNotMatch(html, /<script/);
});

test("one that is no text shows no text", async () => {
  const bundle = await bundleOf(toOnnx(model));
  assert.match(String(bundle["text/plain"]), /^Export to ONNX\n/);
  assert.doesNotMatch(String(bundle["text/html"]), /<details>/);
});
