import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { textColumn } from "../../src/frame/columns";
import { datasets } from "../../src/frame/datasets";
import { htmlText } from "../../src/frame/html-text";
import { decodeMail } from "../../src/frame/spam";

const outer = process.env.LOGITPRESS_CACHE;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "logitpress-spam-"));
  process.env.LOGITPRESS_CACHE = folder;
});
after(async () => {
  if (outer === undefined) delete process.env.LOGITPRESS_CACHE;
  else process.env.LOGITPRESS_CACHE = outer;
  await rm(folder, { recursive: true });
});

test("the e-mails: counts, labels, no envelope, no mail twice", async () => {
  const mails = await datasets.spam();
  assert.deepEqual(mails.columns, ["text", "label", "group"]);
  const labels = textColumn(mails, "label");
  const texts = textColumn(mails, "text");
  const spam = labels.filter((label) => label === "spam").length;
  assert.ok(texts.length > 5600 && texts.length < 5900, `${texts.length} e-mails`);
  assert.ok(spam / texts.length > 0.27 && spam / texts.length < 0.31, `${spam} of them spam`);
  assert.equal(labels.length - spam, labels.filter((label) => label === "ham").length);
  assert.equal(new Set(texts).size, texts.length);
  assert.equal(texts.filter((text) => /^(From \S+@|Received: |Return-Path: )/.test(text)).length, 0);
  const quoted = texts.filter((text) => /^Received: /m.test(text)).length;
  assert.ok(quoted < 20, `${quoted} with a header line, which only mails that quote one have`);
  const again = await datasets.spam();
  assert.deepEqual(textColumn(again, "text"), texts);
});

test("a stopped reading leaves nothing behind", async () => {
  const empty = join(folder, "empty");
  process.env.LOGITPRESS_CACHE = empty;
  const stopped = datasets.spam({ signal: AbortSignal.abort() });
  await assert.rejects(stopped, (error) => error instanceof LogitpressError && error.code === "cancelled");
  await assert.rejects(readdir(empty), { code: "ENOENT" });
  process.env.LOGITPRESS_CACHE = folder;
});

test("a mail gives its subject and text, decoded", async () => {
  const mail = [
    "From someone@example.org  Thu Aug 22 13:17:22 2002",
    "Received: from here by there",
    "Subject: =?iso-8859-1?Q?Gr=FC=DFe?=",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=iso-8859-1",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Caf=E9 is=",
    " open",
  ];
  const { subject, body } = await decodeMail(new TextEncoder().encode(mail.join("\n")));
  assert.equal(subject, "Grüße");
  assert.equal(body.trim(), "Café is open");
});

test("an HTML mail gives the text without its tags", async () => {
  const mail =
    "Subject: x\nContent-Type: text/html\n\n<p>Buy <b>n</b>ow</p><style>p{}</style><br>Free &amp; easy";
  const { body } = await decodeMail(new TextEncoder().encode(mail));
  assert.equal(body, "Buy now\nFree & easy");
});

test("HTML: comments split no word, references become characters", () => {
  assert.equal(
    htmlText("vi<!-- x -->agra &#36;5 &#x20AC;6 &nbsp;&unknown; 1 < 2"),
    "viagra $5 €6 &unknown; 1 < 2",
  );
  assert.equal(htmlText("<script>if (a<b) c()</script>x<td>y</td><!-- open"), "x\ny");
});
