import { ApiError } from '../api/problem'

/** Refused before the server came to the order: this attempt made nothing, and what became of earlier ones is not said. */
const UNTOUCHED = [401, 403, 429]

/** Refused after the key was looked for: nothing was made of this attempt, and none of an earlier one with the key. */
const SETTLED = [400, 404, 409, 413, 415, 422]

function isRefusal(error: unknown, statuses: number[]): error is ApiError {
  return error instanceof ApiError && statuses.includes(error.status)
}

/**
 * Does this tell for sure that there is no order? `unsure` is whether an earlier attempt may have made it: permission is
 * asked before the key, so that a role withdrawn meanwhile (403) tells nothing of what was made before.
 */
export function isSettled(error: unknown, unsure: boolean): error is ApiError {
  return isRefusal(error, SETTLED) || (isRefusal(error, [403]) && !unsure)
}

/** After this attempt, may one of them have become an order? */
export function unsureAfter(error: unknown, unsure: boolean): boolean {
  return unsure || !(isRefusal(error, UNTOUCHED) || isRefusal(error, SETTLED))
}
