/** The values of a form, by field; a group of fields (an address) is one value, written as a whole. */
export type Values = Record<string, unknown>

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** What `after` says differently. */
export function changed<T extends Values>(before: T, after: T): Partial<T> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !same(before[name], value))) as Partial<T>
}

/** The paths of the fields that differ: `name`, `address.city`. */
export function differing(one: Values, other: Values, before = ''): string[] {
  return Object.keys(other).flatMap((name) => {
    const [left, right] = [one[name], other[name]]
    if (same(left, right)) return []
    const path = before + name
    return isGroup(left) && isGroup(right) ? differing(left, right, `${path}.`) : [path]
  })
}

/** The value at a path, as a person reads it. */
export function textAt(values: Values, path: string): string {
  const value = path.split('.').reduce<unknown>((here, part) => (isGroup(here) ? here[part] : undefined), values)
  if (Array.isArray(value)) return value.join(', ')
  return value === null || value === undefined ? '' : String(value as string | number | boolean)
}

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
