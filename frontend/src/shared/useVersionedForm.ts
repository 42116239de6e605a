import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Versioned } from '../api/client'
import { ApiError, isOutcomeUnknown } from '../api/problem'
import { type Values, changed, differing, rebased } from './changes'
import { putOnFields } from './fields'
import { useToasts } from './toasts'

type Options<Row, T extends Values> = {
  /** What is edited; null for a new one. */
  loaded: Versioned<Row> | null
  valuesOf: (row: Row | null) => T
  validate: (values: T) => Partial<Record<string, string | null>>
  /** Writes the changed values: all of them for a new row, else those that differ from what was loaded. */
  write: (values: Partial<T>, etag: string | null) => Promise<Versioned<Row>>
  /** Reads the row as it is now, after a 412. */
  reread: () => Promise<Versioned<Row>>
  onSaved: (saved: Versioned<Row>) => void
  /** What a refusal that names no field says, by field. */
  explain?: (error: unknown) => Record<string, string> | null
}

/**
 * A form over one row of the server. It sends what was changed and the version it was changed from; when somebody was
 * faster it writes nothing, and `conflict` holds what is there now until the user has chosen. A new row whose answer was
 * lost is not sent again before the user has looked for it (see shared/MaybeSaved.tsx): it would be there twice.
 */
export function useVersionedForm<Row, T extends Values>(options: Options<Row, T>) {
  const toasts = useToasts()
  const [base, setBase] = useState(options.loaded)
  const [conflict, setConflict] = useState<Versioned<Row> | null>(null)
  const [unanswered, setUnanswered] = useState<{ values: T; attempt: number } | null>(null)
  const form = useForm<T>({
    initialValues: options.valuesOf(options.loaded?.row ?? null),
    validate: (values) => clean(options.validate(values)),
    validateInputOnBlur: true,
  })
  const saving = useMutation({
    mutationFn: (values: T) =>
      options.write(base ? changed(options.valuesOf(base.row), values) : values, base?.etag ?? null),
    onSuccess: options.onSaved,
    onError: async (error, values) => {
      const lost = base === null && isOutcomeUnknown(error)
      const attempt = (unanswered?.attempt ?? 0) + 1
      // After a lost answer, a refusal (“is taken”) may be about the very row that was sent before.
      if (lost || unanswered) setUnanswered({ values: lost ? values : (unanswered?.values ?? values), attempt })
      if (lost) return
      if (error instanceof ApiError && error.status === 412) {
        const now = await options.reread().catch(() => null)
        if (now) return setConflict(now)
      }
      const told = options.explain?.(error)
      if (told) form.setErrors(told)
      else if (!putOnFields(form, error)) toasts.problem(error)
    },
  })
  const send = form.onSubmit(
    (values) => {
      if (!saving.isPending) saving.mutate(values)
    },
    (errors) => {
      const [first] = Object.keys(errors)
      if (first) form.getInputNode(first)?.focus()
    },
  )
  return {
    form,
    submit: (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault()
      if (!unanswered) send(event)
    },
    /** What was sent as a new row without an answer, and how often. */
    unanswered,
    /** Sends the new row once more: the user has looked. */
    sendAgain: () => send(),
    saving: saving.isPending,
    /** The deleted row whose value is taken, if it is one: it could be restored. */
    takenByDeleted:
      saving.error instanceof ApiError && saving.error.problem.deleted === true
        ? Number(saving.error.problem.id)
        : null,
    /** The names of the fields in which both versions differ. */
    conflict: conflict && {
      fields: differing(options.valuesOf(conflict.row), form.getValues()),
      theirs: options.valuesOf(conflict.row),
      mine: form.getValues(),
    },
    /** Goes on with one's own changes; what others changed in other fields stays theirs. */
    keepMine: () => {
      if (!conflict || !base) return
      form.setValues(rebased(options.valuesOf(base.row), form.getValues(), options.valuesOf(conflict.row)))
      setBase(conflict)
      setConflict(null)
    },
    takeTheirs: () => {
      if (!conflict) return
      form.setValues(options.valuesOf(conflict.row))
      form.clearErrors()
      setBase(conflict)
      setConflict(null)
    },
  }
}

/** What is null or missing is no complaint. */
function clean(errors: Partial<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).filter((entry): entry is [string, string] => Boolean(entry[1])))
}
