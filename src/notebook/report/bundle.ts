import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The compiled modules that `entry` needs as one script without imports: the library's own code, so that a page decodes and
 * encodes as the library does. Only modules that need nothing of Node can be in it.
 * @param entry the path of a compiled module without its ending
 */
export function scriptOf(entry: string): string {
  const places = new Map<string, number>();
  const bodies: string[] = [];
  const place = (module: string): number => {
    const known = places.get(module);
    if (known !== undefined) return known;
    const at = places.size;
    places.set(module, at);
    bodies[at] = withoutComments(readFileSync(`${module}.js`, "utf8")).replace(
      /\brequire\("(\.[^"]+)"\)/g,
      (_, target: string) => `require(${place(resolve(join(module, ".."), target))})`,
    );
    return at;
  };
  place(resolve(entry));
  const modules = bodies.map((body) => `function(exports,require){${body}}`);
  // Browsers other than V8 may not know how to shorten a stack.
  return (
    `(function(){Error.captureStackTrace||(Error.captureStackTrace=function(){});var done=[],modules=[${modules.join(",\n")}];` +
    "function require(at){if(!done[at]){done[at]={};modules[at](done[at],require)}return done[at]}require(0)})()"
  );
}

/** Without the lines that hold nothing but a comment. */
function withoutComments(code: string): string {
  let inside = false;
  const kept = code.split("\n").filter((line) => {
    const text = line.trim();
    const was = inside;
    if (!inside && text.startsWith("/**")) inside = true;
    const out = was || inside || text.startsWith("//");
    if (inside && text.endsWith("*/")) inside = false;
    return !out;
  });
  return kept.join("\n");
}
