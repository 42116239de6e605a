import { CloseButton, Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, type Ref, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

type Props<T> = {
  /** Names the search in the cache. */
  name: string
  label: string
  placeholder?: string
  /** The rows that match what was typed; asked when the typing pauses. */
  find: (typed: string) => Promise<T[]>
  idOf: (row: T) => number
  render: (row: T) => ReactNode
  onChoose: (row: T) => void
  /** What is chosen now, as text; without it the field empties itself for the next choice. */
  chosen?: string
  onClear?: () => void
  nothing?: string
  error?: ReactNode
  disabled?: boolean
  autoFocus?: boolean
  /** A quiet line below the field. */
  description?: string
  /** Takes the width that is left in a row. */
  grow?: boolean
  /** The shortcut `/` leads here. */
  isPageSearch?: boolean
  inputRef?: Ref<HTMLInputElement>
}

/** A field that finds rows on the server while one types, all by keyboard: arrows, Enter, Escape. */
export function SearchSelect<T>({ inputRef, ...props }: Props<T>) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  const [asked] = useDebouncedValue((typed ?? '').trim(), 200)
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
  })
  const queries = useQueryClient()
  const search = (text: string) => ({ queryKey: [props.name, 'select', text], queryFn: () => props.find(text) })
  const found = useQuery({
    ...search(asked),
    enabled: combobox.dropdownOpened,
    placeholderData: keepPreviousData,
  })
  const rows = found.data ?? []
  const settled = combobox.dropdownOpened && !found.isFetching && (typed ?? '').trim() === asked

  // The first match stands ready for Enter, once the rows belong to what was typed.
  const { selectFirstOption } = combobox
  useEffect(() => {
    if (settled && asked) selectFirstOption()
  }, [settled, asked, selectFirstOption])

  const take = (row: T) => {
    setTyped(null)
    combobox.closeDropdown()
    props.onChoose(row)
  }
  const choose = (id: string) => {
    const row = rows.find((each) => String(props.idOf(each)) === id)
    if (row) take(row)
  }
  /** Enter came before the rows did: ask at once, and take the first if the text is still the same. */
  const hurry = async (field: HTMLInputElement) => {
    const text = field.value
    const [first] = await queries.fetchQuery(search(text.trim()))
    if (first && field.value === text && document.activeElement === field) take(first)
  }
  const text = typed ?? props.chosen ?? ''
  return (
    <Combobox store={combobox} onOptionSubmit={choose} shadow="md" disabled={props.disabled}>
      <Combobox.Target withExpandedAttribute>
        <TextInput
          ref={inputRef}
          role="combobox"
          label={props.label}
          description={props.description}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data-search={props.isPageSearch || undefined}
          flex={props.grow ? 1 : undefined}
          placeholder={props.placeholder}
          error={props.error}
          disabled={props.disabled}
          autoFocus={props.autoFocus}
          autoComplete="off"
          value={text}
          rightSection={
            found.isFetching && combobox.dropdownOpened ? (
              <Loader size={16} />
            ) : text && props.onClear && !props.disabled ? (
              <CloseButton
                size="sm"
                aria-label={t('actions.clear')}
                onClick={() => {
                  setTyped(null)
                  props.onClear?.()
                }}
              />
            ) : null
          }
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.openDropdown()
            combobox.resetSelectedOption()
          }}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown()
            setTyped(null)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' && !combobox.dropdownOpened) combobox.openDropdown()
            if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || !typed?.trim()) return
            event.preventDefault()
            // A marked row is taken by the list itself.
            if (combobox.getSelectedOptionIndex() < 0) hurry(event.currentTarget).catch(() => undefined)
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={props.label} mah={320} style={{ overflowY: 'auto' }}>
          {rows.map((row) => (
            <Combobox.Option key={props.idOf(row)} value={String(props.idOf(row))}>
              {props.render(row)}
            </Combobox.Option>
          ))}
          {rows.length === 0 && (
            <Combobox.Empty>
              <Text size="sm" c="dimmed">
                {found.isFetching ? t('state.searching') : (props.nothing ?? t('state.nothing'))}
              </Text>
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
