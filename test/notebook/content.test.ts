import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { html, jpeg, json, latex, markdown, png, svg } from "../../src/notebook/content";
import { bundleOf } from "../../src/notebook/render";

const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("html shows a string as it is, and its text without tags where only text is shown", async () => {
  assert.deepEqual(await bundleOf(html("<p>a &amp; <b>b</b></p>")), {
    "text/html": "<p>a &amp; <b>b</b></p>",
    "text/plain": "a & b",
  });
});

test("html as a tag escapes what is put in, but for html and svg, and joins arrays", () => {
  const hostile = `<img src=x onerror="alert('1')">`;
  assert.equal(
    String(html`<b title="${hostile}">${hostile}</b>`),
    `<b title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;">` +
      `&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;</b>`,
  );
  const items = ["<", 2, null, undefined, false];
  assert.equal(
    String(html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`),
    "<ul><li>&lt;</li><li>2</li><li></li><li></li><li>false</li></ul>",
  );
  assert.equal(String(html`${markdown("<i>")}`), "&lt;i&gt;");
  assert.match(String(html`${svg`<svg>${"<"}</svg>`}`), /^<svg xmlns="[^"]+">&lt;<\/svg>$/);
});

test("property: nothing put into a template of html becomes markup", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const made = String(html`<p>${text}</p>`);
      assert.doesNotMatch(made.slice(3, -4), /[<>"']/);
    }),
  );
});

test("svg is a picture in HTML too, since notebooks that are not trusted draw no other", async () => {
  const bundle = await bundleOf(svg`<svg width="10">${"&"}</svg>`);
  const source = `<svg xmlns="http://www.w3.org/2000/svg" width="10">&amp;</svg>`;
  assert.equal(bundle["image/svg+xml"], source);
  assert.equal(
    bundle["text/html"],
    `<img alt="SVG picture, 62 B" src="data:image/svg+xml;base64,${Buffer.from(source).toString("base64")}">`,
  );
  assert.throws(() => svg("<p>"), { code: "invalid-data" });
});

test("markdown and latex keep backslashes, and take escaped backticks", async () => {
  const typed = ["`a` $", "{b} $\\frac{1}{2}$"].join("");
  assert.deepEqual(await bundleOf(markdown`\`a\` \${b} $\frac{1}{${2}}$`), {
    "text/markdown": typed,
    "text/plain": typed,
  });
  assert.deepEqual(await bundleOf(latex`\frac{1}{2}`), {
    "text/latex": "$\\displaystyle \\frac{1}{2}$",
    "text/plain": "\\frac{1}{2}",
  });
  assert.equal(latex("$a$").source, "$a$");
  assert.equal(latex`\begin{align}a\end{align}`.source, "\\begin{align}a\\end{align}");
});

test("png and jpeg take bytes or a path, and check the signature", async () => {
  const folder = mkdtempSync(join(tmpdir(), "logitpress-picture-"));
  try {
    const path = join(folder, "a.png");
    writeFileSync(path, onePixel);
    for (const picture of [png(onePixel), png(path), png(new Uint8Array(onePixel))]) {
      assert.deepEqual(await bundleOf(picture), {
        "image/png": onePixel.toString("base64"),
        "text/plain": `PNG picture, 1 x 1, ${onePixel.length} B`,
      });
    }
    assert.deepEqual(await bundleOf(jpeg(Uint8Array.of(0xff, 0xd8, 0xff, 0))), {
      "image/jpeg": "/9j/AA==",
      "text/plain": "JPEG picture, 4 B",
    });
    assert.throws(() => png(join(folder, "none.png")), { code: "failed" });
    assert.throws(() => png(Uint8Array.of(1)), { code: "invalid-data" });
    assert.throws(() => jpeg(onePixel), { code: "invalid-data" });
    assert.throws(() => png(3 as never), { code: "invalid-data" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("json shows a copy of the value, and refuses what JSON can't hold", async () => {
  const value = { a: [1, undefined], b: new Date(0) };
  const shown = json(value);
  value.a.push(2);
  assert.deepEqual((await bundleOf(shown))["application/json"], {
    a: [1, null],
    b: "1970-01-01T00:00:00.000Z",
  });
  assert.equal(String(json([1])), "[\n  1\n]");
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const wrong of [circle, 1n, () => 1, undefined]) {
    assert.throws(() => json(wrong), { code: "invalid-data" });
  }
});

test("content of no text is refused", () => {
  assert.throws(() => html(3 as never), { code: "invalid-data" });
  assert.throws(() => markdown(["a"] as never), { code: "invalid-data" });
});
