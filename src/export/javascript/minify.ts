/** Names of the language and its library that programs of exports use, and those of the function's interface. */
const kept: ReadonlySet<string> = new Set(
  (
    "Array Error Float32Array Map Math NaN Number RangeError Set String TextEncoder Uint8Array abs buffer charCodeAt classes const do else " +
    "encode every exp filter for forEach get has if imul in includes indices isFinite join label length let log map match max new null " +
    "normalize of predict probabilities reduce replaceAll return selfTest set slice sqrt throw toLowerCase trim typeof values while"
  ).split(" "),
);

const name = /(?<![\w$])[A-Za-z_$][\w$]*/g;
/** What stays as it is: texts, and expressions of a class of characters. */
const untouched = /("(?:[^"\\]|\\.)*"|\/\[.*?\/gu)/;

/**
 * A program without the letters and spaces that only people need. Names of variables and properties that are not the language's
 * become short ones, the most frequent the shortest, the same wherever a name stands; declarations that follow each other become one.
 * It knows as much of JavaScript as programs of exports have: no templates, no statement without its semicolon.
 * @returns with it what each name became, for the data that the program reads
 */
export function minified(source: string): {
  readonly code: string;
  readonly names: ReadonlyMap<string, string>;
} {
  const parts = source.split(untouched);
  const counts = new Map<string, number>();
  for (let i = 0; i < parts.length; i += 2) {
    for (const [word] of parts[i].matchAll(name)) {
      if (!kept.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const byCount = Array.from(counts).sort(([, a], [, b]) => b - a);
  const names = new Map(byCount.map(([word], i) => [word, shortName(i)]));
  const short = parts.map((part, i) => {
    if (i % 2 === 1) return part;
    return part
      .replace(name, (word) => names.get(word) ?? word)
      .replace(/\bconst\b/g, "let")
      .replace(/\s*([^\w\s$])\s*/g, "$1")
      .replace(/(\breturn)?\(([\w$]+)\)=>/g, (_, before, word) => `${before ? "return " : ""}${word}=>`);
  });
  const code = joined(short.join("").replace(/,\}/g, "}")).replace(/;\}/g, "}");
  return { code: `${code}\n`, names };
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_";

function shortName(i: number): string {
  const short = i < 54 ? letters[i] : letters[Math.floor(i / 54) - 1] + letters[i % 54];
  return kept.has(short) ? `${short}$` : short;
}

/** Declarations that follow each other in a block as one. */
function joined(code: string): string {
  // For each block or bracket that is open: whether its statement at this place is a declaration.
  const open = [false];
  let result = "";
  let begins = true;
  for (const part of code.split(untouched)) {
    for (const piece of part.startsWith('"') || part.startsWith("/[") ? [part] : part.split(/([;{}()[\]])/)) {
      if (piece === "") continue;
      const here = open.length - 1;
      if (begins) {
        const declares = piece.startsWith("let ");
        if (declares && open[here] && result.endsWith(";")) {
          result = `${result.slice(0, -1)},${piece.slice(4)}`;
          begins = false;
          continue;
        }
        open[here] = declares;
      }
      begins = false;
      if (piece === ";") begins = true;
      else if (piece === "{" || piece === "(" || piece === "[") {
        open.push(false);
        begins = piece === "{";
      } else if (piece === "}" || piece === ")" || piece === "]") {
        open.pop();
        begins = piece === "}" && !open[open.length - 1];
      }
      result += piece;
    }
  }
  return result;
}
