import type { Place } from "../excerpt";
import { type Shift, unshifted } from "../shifts";
import { PackedSources } from "./packed-sources";
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

/** How many are packed in one go. */
const together = 64;

/** A frame of a stack in the user's own code. */
export interface Frame {
  readonly source: Source;
  readonly place: Place;
}

/** The sources of all that runs, by the name under which Node knows them; it translates stacks. */
export class Sources {
  /** The latest, oldest first. */
  readonly #sources = new Map<string, Source>();
  /** Where others lie. */
  readonly #packed = new Map<string, PackedSources>();

  add(file: string, source: Source): void {
    this.#packed.delete(file);
    this.#sources.delete(file);
    this.#sources.set(file, source);
    if (this.#sources.size < 2 * together) return;
    const oldest = [...this.#sources].slice(0, together);
    const packed = new PackedSources(oldest);
    for (const [name] of oldest) {
      this.#sources.delete(name);
      this.#packed.set(name, packed);
    }
  }

  /** True when `file` is one of the sources. */
  has(file: string | null | undefined): boolean {
    return this.#sources.has(file ?? "") || this.#packed.has(file ?? "");
  }

  /** Where the call site lies in the user's code; undefined elsewhere. */
  frame(site: NodeJS.CallSite): Frame | undefined {
    const file = site.getFileName() ?? "";
    const source = this.#sources.get(file) ?? this.#packed.get(file)?.get(file);
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
