/** The values of a form, by field; a field may be a group of fields (an address). */
export type Values = Record<string, unknown>

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

function isGroup(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

/** What `after` says differently; of a group, only the fields that differ. */
export function changed<T extends Values>(before: T, after: T): Partial<T> {
  const found = Object.entries(after)
    .filter(([name, value]) => !same(before[name], value))
    .map(([name, value]) => [name, isGroup(value) && isGroup(before[name]) ? changed(before[name], value) : value])
  return Object.fromEntries(found) as Partial<T>
}

/** `theirs` with what `mine` says differently from `before` on top; of a list (of roles), what it adds and takes away. */
export function rebased<T extends Values>(before: T, mine: T, theirs: T): T {
  const merged: Values = { ...theirs }
  for (const [name, value] of Object.entries(mine)) {
    const [old, below] = [before[name], theirs[name]]
    if (same(old, value)) continue
    if (isGroup(value) && isGroup(old) && isGroup(below)) merged[name] = rebased(old, value, below)
    else if (isList(value) && isList(old) && isList(below)) {
      merged[name] = [
        ...new Set([...below.filter((each) => value.includes(each) || !old.includes(each)), ...added(old, value)]),
      ]
    } else merged[name] = value
  }
  return merged as T
}

const added = (before: unknown[], after: unknown[]) => after.filter((each) => !before.includes(each))

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
