import type { UseFormReturnType } from '@mantine/form'
import { ApiError } from '../api/problem'

/**
 * What the server says of each field, by its path in a form: the JSON pointer `/items/0/quantity` is `items.0.quantity`.
 * `already_exists` names its field, too.
 */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const { problem } = error
  const found: Record<string, string> = {}
  for (const { pointer, detail } of problem.errors ?? []) {
    const path = pointer.split('/').slice(1).map(unescapePointer).join('.')
    if (path) found[path] ??= detail
  }
  if (error.code === 'already_exists' && typeof problem.field === 'string') found[problem.field] = problem.title
  return found
}

const unescapePointer = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')

/**
 * Puts a refusal onto the fields of a form. True when every complaint found its field; otherwise the caller shows the
 * rest (usually as a toast).
 */
export function putOnFields<T>(form: UseFormReturnType<T>, error: unknown): boolean {
  const complaints = fieldErrors(error)
  const paths = Object.keys(complaints)
  const values = form.getValues()
  const shown = paths.filter((path) => hasPath(values, path))
  form.setErrors(Object.fromEntries(shown.map((path) => [path, complaints[path]])))
  return paths.length > 0 && shown.length === paths.length
}

function hasPath(values: unknown, path: string): boolean {
  let here = values
  for (const part of path.split('.')) {
    if (typeof here !== 'object' || here === null || !(part in here)) return false
    here = (here as Record<string, unknown>)[part]
  }
  return true
}
