import type { Diagnostic } from "tslab/dist/converter";
import { bold, excerpt } from "../excerpt";
import type { Failure } from "../messages";

/** What type errors say as an `error` message: TypeScript's code and the underlined source. */
export function failureOfDiagnostics(
  diagnostics: readonly Diagnostic[],
  label: string,
  code: string,
): Failure {
  const traceback: string[] = [];
  let last: Diagnostic | undefined;
  for (const diagnostic of diagnostics) {
    const { start, end, messageText, fileName } = diagnostic;
    const chained = last?.start.offset === start.offset && last?.end.offset === end.offset;
    last = diagnostic;
    if (chained) {
      traceback.push(`  ${messageText}`);
      continue;
    }
    const place = { line: start.line, column: start.character };
    traceback.push(`${bold(`TS${diagnostic.code}`)}: ${messageText}`);
    traceback.push(`    at ${fileName ?? label}:${place.line + 1}:${place.column + 1}`);
    if (fileName === undefined) traceback.push(excerpt(code, place, Math.max(1, end.offset - start.offset)));
  }
  const [first] = diagnostics;
  return { ename: `TS${first?.code}`, evalue: first?.messageText ?? "", traceback };
}
