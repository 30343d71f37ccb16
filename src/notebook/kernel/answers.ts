import type { Compiler } from "./compiler";
import { toPoints } from "./cursor";
import type { Question } from "./link";

/** The content of the reply to a question about code. */
export function answer(question: Question, compiler: Compiler, declared: string): object {
  switch (question.about) {
    case "complete":
      return complete(question, compiler, declared);
    case "inspect":
      return inspect(question, compiler, declared);
    case "is_complete":
      return isComplete(question.code, compiler);
  }
}

/** The description of the name at `cursor`; undefined when there is none. */
export function describe(
  code: string,
  cursor: number,
  compiler: Compiler,
  declared: string,
): string | undefined {
  // A cursor behind a name asks about that name.
  const places = [cursor, cursor - 1].filter((place) => place >= 0);
  for (const place of places) {
    const info = compiler.converter.inspect(declared, code, place);
    if (info) return compiler.printQuickInfo(info);
  }
  return undefined;
}

function complete({ code, cursor }: Question, { converter }: Compiler, declared: string): object {
  const { start, end, candidates } = converter.complete(declared, code, cursor);
  return {
    status: "ok",
    matches: candidates,
    cursor_start: toPoints(code, start),
    cursor_end: toPoints(code, end),
    metadata: {},
  };
}

function inspect({ code, cursor }: Question, compiler: Compiler, declared: string): object {
  const text = describe(code, cursor, compiler, declared);
  if (text === undefined) return { status: "ok", found: false, data: {}, metadata: {} };
  return { status: "ok", found: true, data: { "text/plain": text }, metadata: {} };
}

function isComplete(code: string, { isCompleteCode, typescript }: Compiler): object {
  const { completed, indent } = isCompleteCode(code);
  if (!completed) return { status: "incomplete", indent: indent ?? "" };
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics?: readonly unknown[] };
  return { status: parseDiagnostics?.length ? "invalid" : "complete" };
}
