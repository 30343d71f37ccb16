/**
 * The variables of the session: what cells export. TypeScript defines imported names as getters; here they become
 * plain values, so that a later cell may assign to them. Follows `createExports` of tslab (see NOTICE).
 */
export function createScope(): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  return new Proxy(values, {
    defineProperty(_target, name, { get, value }) {
      if (name !== "__esModule") Reflect.set(values, name, get ? get() : value);
      return true;
    },
  });
}
