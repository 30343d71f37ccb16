import { fail } from "../../base/errors";

/** A 32-bit float as a literal of C, in the fewest digits that give it back. */
export function floatLiteral(value: number): string {
  const exact = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = exact.toPrecision(digits);
    if (Math.fround(Number(text)) === exact) return `${pointed(String(Number(text)))}f`;
  }
  return `${pointed(String(Number(exact.toPrecision(9))))}f`;
}

/** A 64-bit float as a literal of C. */
export function doubleLiteral(value: number): string {
  return pointed(String(value));
}

function pointed(text: string): string {
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A text as a string literal of C, in ASCII; the text must not be longer than compilers must take. */
export function stringLiteral(text: string, thing: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.includes(0) || bytes.length > 4000) {
    fail("unsupported-model", { thing, value: text, expected: "up to 4,000 bytes without a NUL" });
  }
  const parts = Array.from(bytes, (byte) => {
    const plain = byte >= 0x20 && byte < 0x7f && !'"\\?'.includes(String.fromCharCode(byte));
    return plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${parts.join("")}"`;
}

/** A text that can stand in a comment of C and other languages: ASCII on one line, nothing that ends or opens a comment. */
export function commentText(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 197)}...` : text;
  return short.replace(/[^A-Za-z0-9 _.,:;=+#()<>'%@-]/g, (c) => {
    const safe = c === "/" || c === "&" || c === "[" || c === "]";
    return safe ? c : `U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  });
}

/** Identifiers made of names: what C does not take becomes an underscore; distinct, no keywords, no names of macros. */
export function identifiers(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name
      .normalize("NFKD")
      .replace(/[^A-Za-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .slice(0, 40);
    const start = /^[A-Za-z]/.test(plain) ? plain : `c_${plain}`;
    const clashes = reserved.has(start.toLowerCase()) || /_t$|^[A-Z][A-Z0-9_]*$/.test(start);
    const base = clashes ? `${start}_` : start;
    let free = base;
    for (let n = 2; taken.has(free); n++) free = `${base}_${n}`;
    taken.add(free);
    return free;
  });
}

const reserved = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false " +
    "alignas alignof and and_eq asm atomic_cancel bitand bitor catch class compl concept consteval constexpr constinit " +
    "co_await co_return co_yield decltype delete dynamic_cast explicit export friend mutable namespace new noexcept not " +
    "not_eq nullptr operator or or_eq private protected public reflexpr reinterpret_cast requires static_assert " +
    "static_cast synchronized template this thread_local throw try typeid typename typeof using virtual wchar_t xor xor_eq " +
    "nan infinity errno linux unix main exp log sqrt near far interrupt asm huge"
  ).split(" "),
);

/** Numbers in lines of a source file. */
export function lines(items: Iterable<string | number>): string {
  const rows: string[] = [];
  let row = "";
  for (const item of items) {
    const text = `${item},`;
    if (row.length + text.length > 110) {
      rows.push(row);
      row = "";
    }
    row += text;
  }
  if (row !== "") rows.push(row);
  return rows.map((r) => `  ${r}`).join("\n");
}
