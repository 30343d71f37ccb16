/** Where a text is, by lines and characters, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly character: number;
}

const blank = /[ \t\n\r]*/y;
const word = /true|false|null/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** The end of a string that begins at a quote, or, less than zero, `~at` of the character that does not belong in it. */
function stringEnd(text: string, from: number): number {
  if (text[from] !== '"') return ~from;
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return ~at;
    if (code !== 0x5c) continue;
    escaped.lastIndex = at;
    if (!escaped.test(text)) return ~at;
    at = escaped.lastIndex - 1;
  }
  return ~text.length;
}

/**
 * Where the first character is that makes a text no JSON (RFC 8259), its end where it ends too early: JavaScript's own parser does not
 * tell. Of a text that is JSON, its end.
 */
export function jsonFault(text: string): number {
  let at = 0;
  /** What is open: an object or an array. */
  const open: ("{" | "[")[] = [];
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const length = pattern.exec(text)?.[0].length ?? -1;
    if (length >= 0) at += length;
    return length >= 0;
  };
  const take = (sign: string): boolean => {
    if (text[at] !== sign) return false;
    at++;
    skip(blank);
    return true;
  };
  const takeString = (): boolean => {
    const end = stringEnd(text, at);
    at = end < 0 ? ~end : end;
    return end >= 0;
  };
  const name = (): boolean => {
    if (!takeString()) return false;
    skip(blank);
    return take(":");
  };
  skip(blank);
  for (;;) {
    if (take("{")) {
      if (!take("}")) {
        open.push("{");
        if (!name()) return at;
        continue;
      }
    } else if (take("[")) {
      if (!take("]")) {
        open.push("[");
        continue;
      }
    } else if (text[at] === '"' ? !takeString() : !skip(word) && !skip(number)) return at;
    skip(blank);
    for (;;) {
      const within = open[open.length - 1];
      if (within === undefined) return at;
      if (take(",")) {
        if (within === "{" && !name()) return at;
        break;
      }
      if (!take(within === "{" ? "}" : "]")) return at;
      open.pop();
    }
  }
}

/** The line and the character of a place in a text. */
export function placeIn(text: string, at: number): TextPlace {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", start)) {
    line++;
    start = end + 1;
  }
  return { line, character: at - start + 1 };
}
