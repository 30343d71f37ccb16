import { bold } from "./excerpt";
import type { Failure } from "./messages";

/** The failure of an interrupted cell, named as Jupyter's front ends know it. */
export const interruption: Failure = {
  ename: "KeyboardInterrupt",
  evalue: "",
  traceback: [bold("KeyboardInterrupt")],
};

/** Thrown where a cell waits for its user and is interrupted. */
export class Interrupted extends Error {
  override readonly name = "KeyboardInterrupt";
}
