import type { Failure } from "./messages";

/** The failure of an interrupted cell, named as Jupyter's front ends know it. */
export const interruption: Failure = {
  ename: "KeyboardInterrupt",
  evalue: "",
  traceback: ["\u001b[1m\u001b[31mKeyboardInterrupt\u001b[39m\u001b[22m"],
};
