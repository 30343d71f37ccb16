import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Words } from "../../src/frame/words";
import { python } from "../python";

/** The rules of words by Python's own tables of Unicode: a digest of the words that each block of 4,096 characters gives. */
const reference = `
import hashlib, json, sys, unicodedata
def part(c): return c == "_" or unicodedata.category(c)[0] in "LMN"
def words(text):
    text = unicodedata.normalize("NFKC", text).replace("\\u2019", "'").lower()
    found, word = [], ""
    for i, c in enumerate(text):
        inner = c == "'" and word != "" and i + 1 < len(text) and part(text[i + 1])
        if part(c) or inner: word += c
        else:
            if word: found.append(word)
            word = ""
    return found + [word] if word else found
known = bytearray(0x110000)
for line in sys.stdin: known[int(line)] = 1
digests, assigned = [], []
for block in range(0, 0x110000, 4096):
    own = hashlib.sha256()
    for point in range(block, block + 4096):
        if not known[point] or unicodedata.category(chr(point)) in ("Cn", "Cs"): continue
        assigned.append(point)
        own.update(json.dumps(words(f"a{chr(point)}b {chr(point)}'s"), ensure_ascii=False, separators=(",", ":")).encode())
    digests.append(own.hexdigest())
print(json.dumps([digests, assigned]))`;

test("each character of Unicode that both know is in the words that Python's tables say", () => {
  const known = Array.from({ length: 0x110000 }, (_, point) => point).filter(
    (point) => !/[\p{Cn}\p{Cs}]/u.test(String.fromCodePoint(point)),
  );
  const run = spawnSync(python, ["-c", reference], {
    ...{ input: known.join("\n"), encoding: "utf8", maxBuffer: 1e8 },
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
  });
  assert.notEqual(run.stdout, "", run.stderr);
  const [theirs, assigned] = JSON.parse(run.stdout) as [string[], number[]];
  assert.ok(assigned.length > 250_000, `${assigned.length} characters`);
  const ours = theirs.map(() => createHash("sha256"));
  const words = new Words();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (const point of assigned) {
    words.clear();
    const character = String.fromCodePoint(point);
    words.add(`a${character}b ${character}'s`, true);
    const found = Array.from({ length: words.count }, (_, k) =>
      decoder.decode(words.bytes.subarray(words.starts[k], words.ends[k])),
    );
    ours[point >> 12].update(JSON.stringify(found));
  }
  const apart = ours.flatMap((hash, block) =>
    hash.digest("hex") === theirs[block] ? [] : [`U+${(block << 12).toString(16)}`],
  );
  assert.deepEqual(apart, []);
});
