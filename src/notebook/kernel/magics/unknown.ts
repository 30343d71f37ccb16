import { nearest } from "../../../base/nearest";
import { bold } from "../excerpt";
import type { Failure } from "../messages";
import type { Magic } from "./list";

/** The failure of a cell with a magic that there is not. */
export function unknownMagic(sign: "%" | "%%", name: string, list: readonly Magic[]): Failure {
  const names = list.map((magic) => magic.name);
  const near = nearest(name, names);
  const expected =
    near === undefined
      ? `There are ${names.map((n) => sign + n).join(", ")}.`
      : `Did you mean ${sign}${near}?`;
  const evalue = `unknown magic: ${sign}${name}. ${expected}`;
  return { ename: "UnknownMagic", evalue, traceback: [`${bold("UnknownMagic")}: ${evalue}`] };
}
