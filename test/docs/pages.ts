import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { root } from "../python";

/** A page of the documentation, by its path from the root, and its text. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

const single: readonly string[] = [
  ...["README.md", "environment.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...[
    "src/pack/FORMAT.md",
    "src/engine/spark/SPARK.md",
    "src/notebook/kernel/KERNEL.md",
    "src/notebook/kernel/magics/MAGICS.md",
  ],
];

/** All pages that people are led to. */
export function allPages(): Page[] {
  const below = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file).split(sep).join("/"));
  return [...single, ...below].map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
}

/** The anchors of a page's headings, as what renders Markdown makes them. */
export function anchorsOf(text: string): Set<string> {
  const found = new Map<string, number>();
  const prose = text.replace(/^```[\s\S]*?^```/gm, "");
  return new Set(
    [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
      const word = heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/\s/g, "-");
      const same = found.get(word) ?? 0;
      found.set(word, same + 1);
      return same === 0 ? word : `${word}-${same}`;
    }),
  );
}
