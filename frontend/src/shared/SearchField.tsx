import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

type Props = { value: string; onChange: (value: string) => void; label: string; autoFocus?: boolean }

/** The search of a list: `/` leads to it, and it reports when the typing pauses. */
export function SearchField({ value, onChange, label, autoFocus = false }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const field = useRef<HTMLInputElement>(null)
  const told = useRef(value)
  const tell = useDebouncedCallback((text: string) => {
    told.current = text.trim()
    onChange(text.trim())
  }, 300)
  // The address changed from elsewhere (back, “clear filters”): follow it, but never pull text from under a typist.
  useEffect(() => {
    if (value !== told.current) {
      told.current = value
      setTyped(value)
    }
  }, [value])
  useEffect(() => {
    if (autoFocus) field.current?.focus()
  }, [autoFocus])

  const change = (text: string) => {
    setTyped(text)
    tell(text)
  }
  return (
    <TextInput
      ref={field}
      data-search
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} stroke={1.6} />}
      rightSection={
        typed ? (
          <CloseButton size="sm" aria-label={t('actions.clear')} onClick={() => change('')} />
        ) : (
          <Kbd size="xs" visibleFrom="sm">
            /
          </Kbd>
        )
      }
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && typed) change('')
      }}
    />
  )
}
