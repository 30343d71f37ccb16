import type { ConvertResult, Diagnostic, DiagnosticPos } from "tslab/dist/converter";
import { magicHelp, magicsBeginning } from "../magics/list";
import { declaredNames, isWordOfLanguage } from "../magics/names";
import { blanked, type Known, translate } from "../magics/translate";
import type { CompilerAnswers, CompilerRequest, Completions, Converted, ModuleCode } from "../program";
import { inserted, type Shift, unshifted } from "../shifts";
import { failureOfDiagnostics } from "./diagnostics";
import { withoutExports } from "./exports";
import type { Tslab } from "./load";
import { OutsideErrors, outsideFolder } from "./programs";
import { annotations, unnamed } from "./unnamed";
import { WatchedFiles } from "./watched-files";

type Request<K extends CompilerRequest["kind"]> = Extract<CompilerRequest, { readonly kind: K }>;
type Converter = import("tslab/dist/converter").Converter;

/** Converts the cells of one notebook and answers questions about them. Of the session it keeps nothing. */
export class CompilerService {
  readonly #watched = new WatchedFiles();
  readonly #converter: Converter;
  readonly #folder: string;

  constructor(
    readonly tslab: Tslab,
    folder: string,
  ) {
    this.#folder = folder.replaceAll("\\", "/");
    this.#converter = tslab.createConverter(this.#folder, this.#watched);
  }

  answer(request: CompilerRequest): CompilerAnswers[CompilerRequest["kind"]] {
    this.#watched.look();
    switch (request.kind) {
      case "convert":
        return this.#convert(request);
      case "complete":
        return this.#complete(request);
      case "inspect":
        return { text: this.#inspect(request) };
      case "is_complete":
        return this.#isComplete(request.code);
      case "refresh":
        this.tslab.files.forget();
        return {};
    }
  }

  #convert({ declared, code, label }: Request<"convert">): Converted {
    const { typescript } = this.tslab;
    const translated = translate(code, typescript, this.#known(declared, code));
    if ("failure" in translated) return translated;
    const { converted, shifts: named } = this.#named(declared, withoutExports(translated.code, typescript));
    const shifts = [translated.shifts, named];
    if (converted.diagnostics.length > 0) {
      const diagnostics = converted.diagnostics.map((diagnostic) => original(diagnostic, shifts, code));
      return { failure: failureOfDiagnostics(diagnostics, label, code) };
    }
    const { output = "", declOutput = "", lastExpressionVar, sideOutputs } = converted;
    const { maps } = this.tslab;
    const modules = (sideOutputs ?? []).map(({ path, data }) => this.#module(path, data));
    const kept = maps.take(output);
    maps.clear();
    return {
      program: {
        label,
        text: code,
        code: assigned(output),
        awaits: kept?.awaits === true,
        modules,
        shifts,
        timed: translated.timed,
        ...(kept !== undefined && { maps: kept.maps }),
        ...(lastExpressionVar !== undefined && { result: lastExpressionVar }),
      },
      declared: declOutput,
    };
  }

  #named(declared: string, code: string): { converted: ConvertResult; shifts: readonly Shift[] } {
    const converted = this.#checked(declared, code);
    const { diagnostics } = converted;
    if (!diagnostics.some(unnamed)) return { converted, shifts: [] };
    const faults = diagnostics.filter((diagnostic) => !unnamed(diagnostic));
    if (faults.length > 0) return { converted: { diagnostics: faults }, shifts: [] };
    const missing = annotations(this.tslab.typescript, code, diagnostics);
    if (missing === undefined) return { converted, shifts: [] };
    const annotated = inserted(code, missing);
    return { converted: this.#checked(declared, annotated.code), shifts: annotated.shifts };
  }

  #checked(declared: string, code: string): ConvertResult {
    try {
      return this.#converter.convert(declared, code);
    } catch (error) {
      if (error instanceof OutsideErrors) return { diagnostics: error.diagnostics as Diagnostic[] };
      this.tslab.files.declared.forget();
      throw error;
    }
  }

  #module(path: string, code: string): ModuleCode {
    const outside = `${this.#folder}/${outsideFolder}`;
    const place = path.startsWith(`${outside}/`) ? path.slice(outside.length) : path;
    const kept = this.tslab.maps.take(code);
    return {
      path: place.replace(/^\/(?=[a-z]:\/)/i, ""),
      code,
      ...(kept !== undefined && { maps: kept.maps }),
    };
  }

  #complete({ declared, code, cursor }: Request<"complete">): Completions {
    const magic = /(?:^|\n)(%{1,2}\w*)$/.exec(code.slice(0, cursor))?.[1];
    if (magic !== undefined) {
      const names = magicsBeginning(magic);
      return { start: cursor - magic.length, end: cursor, names, kinds: names.map(() => "magic") };
    }
    const text = blanked(code, this.tslab.typescript, this.#known(declared, code));
    const { start, end, candidates, original } = this.#converter.complete(declared, text, cursor);
    const kinds = new Map(original?.entries.map(({ name, kind }) => [name, String(kind)]));
    return { start, end, names: candidates, kinds: candidates.map((name) => kinds.get(name) ?? "") };
  }

  #inspect({ declared, code, cursor }: Request<"inspect">): string | undefined {
    const magic = magicAt(code, cursor);
    if (magic !== undefined) return magic;
    const text = blanked(code, this.tslab.typescript, this.#known(declared, code));
    // A cursor behind a name asks about that name.
    for (const place of [cursor, cursor - 1].filter((at) => at >= 0)) {
      const info = this.#converter.inspect(declared, text, place);
      if (info) return this.tslab.printQuickInfo(info);
    }
    return undefined;
  }

  /** Whether a name is known to the cell, the session or Node; looked up when it is first asked for. */
  #known(declared: string, code: string): Known {
    const { typescript } = this.tslab;
    let names: Set<string> | undefined;
    return (name) => {
      names ??= declaredNames(`${declared}\n${code}`, typescript);
      return names.has(name) || isWordOfLanguage(name, typescript);
    };
  }

  #isComplete(cell: string): CompilerAnswers["is_complete"] {
    const code = blanked(cell, this.tslab.typescript, this.#known("", cell));
    const { completed, indent } = this.tslab.isCompleteCode(code);
    if (!completed) return { status: "incomplete", indent: indent ?? "" };
    const { typescript } = this.tslab;
    const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest);
    const { parseDiagnostics } = file as unknown as { parseDiagnostics?: readonly unknown[] };
    return { status: parseDiagnostics?.length ? "invalid" : "complete" };
  }
}

/**
 * The cell with plain assignments in place of the getters by which TypeScript exports imported names: a later cell may
 * assign to them, and the session's variables are an ordinary object, which loops over them need to be quick.
 */
function assigned(code: string): string {
  const getter =
    /^Object\.defineProperty\(exports, "([^"]+)", \{ enumerable: true, get: function \(\) \{ return ([^;]+); \} \}\);$/gm;
  return code.replace(getter, (_, name: string, value: string) => `exports.${name} = ${value};`);
}

/** The help on the magic whose name is at `cursor`. */
function magicAt(code: string, cursor: number): string | undefined {
  const start = code.lastIndexOf("\n", cursor - 1) + 1;
  const name = /^%{1,2}\w+/.exec(code.slice(start))?.[0];
  return name !== undefined && cursor <= start + name.length ? magicHelp(name) : undefined;
}

function original(diagnostic: Diagnostic, shifts: readonly (readonly Shift[])[], code: string): Diagnostic {
  if (diagnostic.fileName !== undefined) return diagnostic;
  const lines = code.split("\n");
  const at = (position: DiagnosticPos): DiagnosticPos => {
    const { line, column } = unshifted({ line: position.line, column: position.character }, shifts);
    // What is missing at the end is looked for behind it, where the converter has added lines.
    if (line < lines.length) return { ...position, line, character: column };
    return { offset: code.length, line: lines.length - 1, character: lines.at(-1)!.length };
  };
  return { ...diagnostic, start: at(diagnostic.start), end: at(diagnostic.end) };
}
