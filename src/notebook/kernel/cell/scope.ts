/** The class of the session's variables; its name is that of their owner in stacks, where `traceback.ts` removes it. */
class SessionVariables {
  readonly [name: string]: unknown;
}

/** The variables of the session: what cells export. */
export function createScope(): Record<string, unknown> {
  return new SessionVariables() as Record<string, unknown>;
}

/** How frames of functions that are called as {@link createScope}'s begin. */
export const scopeName: string = `${SessionVariables.name}.`;
