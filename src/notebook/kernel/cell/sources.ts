import type { Place } from "../excerpt";
import { type Shift, unshifted } from "../shifts";
import type { TwoMaps } from "./source-maps";

/** TypeScript that runs: a cell or an imported file. */
export interface Source {
  /** What tracebacks call it. */
  readonly label: string;
  readonly text: string;
  readonly maps: TwoMaps | undefined;
  /** Where columns of what was compiled are not those of the text, by one step after the other. */
  readonly shifts: readonly (readonly Shift[])[];
  /** Lines that the converter puts before the text. */
  readonly linesBefore: number;
  /** Lines of the JavaScript that the text became; what follows is the wrapping. */
  readonly lines: number;
}

/** A frame of a stack in the user's own code. */
export interface Frame {
  readonly source: Source;
  readonly place: Place;
}

/** The sources of all that runs, by the name under which Node knows them; it translates stacks. */
export class Sources {
  readonly #sources = new Map<string, Source>();

  add(file: string, source: Source): void {
    this.#sources.set(file, source);
  }

  /** True when `file` is one of the sources. */
  has(file: string | null | undefined): boolean {
    return this.#sources.has(file ?? "");
  }

  /** Where the call site lies in the user's code; undefined elsewhere. */
  frame(site: NodeJS.CallSite): Frame | undefined {
    const source = this.#sources.get(site.getFileName() ?? "");
    const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
    if (source === undefined || line === null || column === null || line > source.lines) {
      return undefined;
    }
    const generated = { line: line - 1, column: column - 1 };
    const found = source.maps ? source.maps.original(generated) : generated;
    if (found === undefined) return undefined;
    const place = { line: Math.max(0, found.line - source.linesBefore), column: found.column };
    return { source, place: unshifted(place, source.shifts) };
  }
}
