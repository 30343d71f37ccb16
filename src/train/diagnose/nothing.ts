import { displaySymbol } from "../../base/display";
import type { FitWarning } from "../../model/warning";

/** The same list, which a notebook shows as `nothing` where it is empty: bare brackets would leave open what was looked for. */
export function orNothing(found: FitWarning[], nothing: string): FitWarning[] {
  if (found.length > 0) return found;
  return Object.defineProperty(found, displaySymbol, {
    value: () => (found.length === 0 ? { "text/plain": nothing } : undefined),
  });
}
