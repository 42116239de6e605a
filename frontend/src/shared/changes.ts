/** The values of a form, by field; a field may be a group of fields (an address). */
export type Values = Record<string, unknown>

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What `after` says differently; of a group, only the fields that differ. */
export function changed<T extends Values>(before: T, after: T): Partial<T> {
  const found = Object.entries(after)
    .filter(([name, value]) => !same(before[name], value))
    .map(([name, value]) => [name, isGroup(value) && isGroup(before[name]) ? changed(before[name], value) : value])
  return Object.fromEntries(found) as Partial<T>
}

/** `values` with `changes` on top. */
export function withChanges<T extends Values>(values: T, changes: Partial<T>): T {
  const merged: Values = { ...values }
  for (const [name, value] of Object.entries(changes)) {
    const below = values[name]
    merged[name] = isGroup(value) && isGroup(below) ? withChanges(below, value) : value
  }
  return merged as T
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
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
