import { useEffect, useRef } from 'react'

/** Inputs that take no text: the focus stays on them after a click. */
const CHOSEN = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file'])

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !CHOSEN.has(target.type)
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName))
}

/**
 * Single-key shortcuts, by what is typed and not by the place of the key: `/` sits elsewhere on a Brazilian keyboard.
 * They rest while somebody types, or a dialog is open.
 */
export function useShortcuts(shortcuts: Record<string, () => void>): void {
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const action = latest.current[event.key]
      if (!action || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('[role=dialog]')) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

/** The search field of the screen, if it has one (see shared/SearchField.tsx). */
export function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[data-search]')
  field?.focus()
  field?.select()
  return field !== null
}
