import { isNativeError } from "node:util/types";
import { brief, messageOf } from "./plain";

const mostCauses = 8;
const mostErrors = 5;
const mostFrames = 20;
const longestMessage = 10_000;

/** True for errors, those of other realms too. */
export function isError(value: unknown): value is Error {
  return isNativeError(value) || value instanceof Error;
}

/**
 * Name, message, own facts such as `code`, stack, and the chain of causes; the name bold and the stack faint by ANSI
 * codes, which front ends draw.
 */
export function errorText(error: Error): string {
  return lines(error, new Set()).join("\n");
}

function lines(error: Error, seen: Set<unknown>): string[] {
  seen.add(error);
  const name = read(error, "name") ?? "Error";
  const message = (read(error, "message") ?? "").slice(0, longestMessage);
  const all = [`${bold(name)}${message === "" ? "" : `: ${message}`}`, ...factsOf(error), ...framesOf(error)];
  for (const [label, inner] of innerErrors(error)) {
    if (!isError(inner)) all.push(`${label} ${brief(inner)}`);
    else if (seen.has(inner)) all.push(`${label} an error shown above`);
    else if (seen.size > mostCauses) all.push(`${label} …`);
    else {
      const [first, ...rest] = lines(inner, seen);
      all.push(`${label} ${first}`, ...rest);
    }
  }
  return all;
}

function framesOf(error: Error): string[] {
  const frames = (read(error, "stack") ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const shown = frames.slice(0, mostFrames).map((line) => faint(line.slice(0, 300)));
  return frames.length > mostFrames ? [...shown, faint(`    … ${frames.length - mostFrames} more`)] : shown;
}

function factsOf(error: Error): string[] {
  try {
    return Object.entries(Object.getOwnPropertyDescriptors(error))
      .filter(([key, { enumerable, value }]) => enumerable && isFact(key, value))
      .slice(0, 10)
      .map(([key, { value }]) => `    ${key}: ${brief(value)}`);
  } catch {
    return [];
  }
}

function isFact(key: string, value: unknown): boolean {
  return (
    !["name", "message", "stack"].includes(key) && ["string", "number", "boolean"].includes(typeof value)
  );
}

function innerErrors(error: Error): [label: string, inner: unknown][] {
  try {
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    const several = Array.isArray(errors) ? errors.slice(0, mostErrors) : [];
    return [
      ...several.map((inner, i): [string, unknown] => [
        `Error ${i + 1} of ${(errors as unknown[]).length}:`,
        inner,
      ]),
      ...(cause === undefined ? [] : [["Caused by:", cause] as [string, unknown]]),
    ];
  } catch {
    return [];
  }
}

function read(error: Error, key: "name" | "message" | "stack"): string | undefined {
  try {
    const value: unknown = error[key];
    return value === undefined ? undefined : String(value);
  } catch (thrown) {
    return `(${key} can't be read: ${messageOf(thrown)})`;
  }
}

// Not red: it does not read on dark ground.
function bold(text: string): string {
  return `\u001b[1m${text}\u001b[22m`;
}

function faint(text: string): string {
  return `\u001b[2m${text}\u001b[22m`;
}
