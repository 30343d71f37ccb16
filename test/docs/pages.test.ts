import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { root } from "../python";
import { allPages, anchorsOf, type Page } from "./pages";

interface Link {
  readonly page: string;
  readonly to: string;
}

function linksOf({ file, text }: Page): Link[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, to]) => ({ page: file, to }));
}

/** Whether a link within the project leads to a file or folder, and to a heading of it where it names one. */
function isDead({ page, to }: Link): boolean {
  const [path, anchor] = to.split("#");
  const file = path === "" ? page : posix.join(posix.dirname(page), path);
  if (!existsSync(join(root, file))) return true;
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return false;
  return !anchorsOf(readFileSync(join(root, file), "utf8")).has(anchor);
}

test("links between pages lead to files and headings that exist", () => {
  const local = allPages()
    .flatMap(linksOf)
    .filter(({ to }) => !to.startsWith("https:"));
  assert.ok(local.length > 100);
  assert.deepEqual(local.filter(isDead), []);
  assert.ok(isDead({ page: "README.md", to: "src/nowhere.md" }));
  assert.ok(isDead({ page: "README.md", to: "CONTRIBUTING.md#no-such-heading" }));
});

test("links elsewhere are to pages by https", () => {
  const odd = allPages()
    .flatMap(linksOf)
    .filter(({ to }) => /^[a-z]+:/i.test(to) && !/^https:\/\/[a-z0-9.-]+\.[a-z]+(?:\/|$)/.test(to));
  assert.deepEqual(odd, []);
});

interface Quote {
  readonly page: string;
  readonly file: string;
  readonly code: string;
}

/** Code of a page, and the file that the last link before it names. */
function quotesOf({ file: page, text }: Page): Quote[] {
  let last = "";
  return text.split(/^(```ts\n[\s\S]*?^```)/m).flatMap((part) => {
    if (part.startsWith("```ts\n")) return [{ page, file: last, code: part.slice(6, -3) }];
    const links = [...part.matchAll(/\]\(([^)\s#]+\.ts)\)/g)];
    if (links.length > 0) last = posix.join(posix.dirname(page), links[links.length - 1][1]);
    return [];
  });
}

test("code that how-to pages quote is in the file they name, to the letter", () => {
  const quotes = allPages()
    .filter(({ file }) => file.startsWith("docs/how-to/"))
    .flatMap(quotesOf);
  assert.ok(quotes.length >= 9);
  const wrong = quotes.filter(({ file, code }) => !readFileSync(join(root, file), "utf8").includes(code));
  assert.deepEqual(wrong, []);
});
