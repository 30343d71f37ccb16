import { dirname, sep } from "node:path";
import { inspect } from "node:util";
import { isNativeError } from "node:util/types";
import { bold, excerpt } from "../excerpt";
import type { Failure } from "../messages";
import { scopeName } from "./scope";
import type { Frame, Sources } from "./sources";

const frames = new WeakMap<object, Frame>();

/** Makes the stack of every error speak of the cells' own lines. */
export function translateStacks(sources: Sources): void {
  Error.prepareStackTrace = (error, sites) => {
    const lines: string[] = [];
    for (const site of sites) {
      const frame = sources.frame(site);
      if (frame !== undefined && !frames.has(error)) frames.set(error, frame);
      if (frame !== undefined) lines.push(`    at ${called(site)}`.replace(/\0/, where(frame)));
      else if (!sources.has(site.getFileName()) && !internal(site.getFileName()))
        lines.push(`    at ${site}`);
    }
    return [heading(error), ...lines].join("\n");
  };
}

/** What a thrown value says as an `error` message. */
export function failureOf(thrown: unknown): Failure {
  if (!isError(thrown)) {
    const evalue = typeof thrown === "string" ? thrown : inspect(thrown);
    return { ename: "Thrown", evalue, traceback: [`${bold("Thrown")}: ${evalue}`] };
  }
  return { ename: thrown.name, evalue: thrown.message, traceback: tracebackOf(thrown) };
}

function tracebackOf(error: Error): string[] {
  const stack = String(error.stack ?? heading(error));
  const [head, trace] = divide(stack, heading(error));
  const colon = head.startsWith(error.name) ? bold(error.name) + head.slice(error.name.length) : head;
  const lines = [colon, ...trace];
  const frame = frames.get(error);
  if (frame !== undefined) lines.push(excerpt(frame.source.text, frame.place, 1));
  const { cause } = error;
  if (isError(cause)) lines.push("Caused by:", ...tracebackOf(cause));
  return lines;
}

function divide(stack: string, head: string): [string, string[]] {
  const text = stack.startsWith(head) ? head : (stack.split(/\n {4}at /, 1)[0] ?? head);
  return [text, stack.slice(text.length).split("\n").filter(Boolean)];
}

function called(site: NodeJS.CallSite): string {
  const text = String(site);
  const place = `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  // Functions of earlier cells are called as methods of the scope.
  const renamed = text.replace(place, "\0").replace(scopeName, "");
  // The function that the cell is wrapped in has no name of its own.
  return /^(async )?(Object\.|eval|)\s*\(\0\)$/.test(renamed) ? "\0" : renamed;
}

function where({ source, place }: Frame): string {
  return `${source.label}:${place.line + 1}:${place.column + 1}`;
}

function internal(file: string | null | undefined): boolean {
  return (
    !file ||
    file.startsWith("node:") ||
    file === "evalmachine.<anonymous>" ||
    file.startsWith(dirname(__dirname) + sep)
  );
}

function heading(error: Error): string {
  const { name, message } = error;
  return message === "" ? name : `${name}: ${message}`;
}

function isError(value: unknown): value is Error {
  return isNativeError(value) || value instanceof Error;
}
