import assert from "node:assert/strict";
import { type ErrorCode, LogitpressError } from "../src/base/errors";

/** Matches an error of `code` whose message holds each of `parts`: the thing, its value, what was expected. */
export function refusal(code: ErrorCode, ...parts: readonly string[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof LogitpressError, String(error));
    assert.equal(error.code, code, error.message);
    for (const part of parts) assert.ok(error.message.includes(part), `"${part}" in: ${error.message}`);
    assert.doesNotMatch(error.message, /undefined|\[object|\n/);
    return true;
  };
}
