import type { Language } from '../texts/language'

/** The shop's clock, wherever the browser stands. */
const ZONE = 'America/Sao_Paulo'

const format = (language: Language, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(language, { timeZone: ZONE, ...options })

/** `23/11/2026 09:00`. */
export function formatMoment(time: string, language: Language): string {
  return format(language, { dateStyle: 'short', timeStyle: 'short' }).format(new Date(time)).replace(',', '')
}

/** `23 de nov. de 2026, 09:00:12`: for hints and timelines. */
export function formatMomentLong(time: string, language: Language): string {
  return format(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time))
}

/** A day of São Paulo, `2026-11-23`, as a person writes it. */
export function formatDay(day: string, language: Language, options: Intl.DateTimeFormatOptions = {}): string {
  const chosen = Object.keys(options).length ? options : ({ dateStyle: 'short' } as const)
  // Noon: no zone of Brazil makes another day of it.
  return format(language, chosen).format(new Date(`${day}T12:00:00-03:00`))
}

/** The day of a moment, as short as an axis needs it: `23/11`. */
export function formatDayOf(time: string, language: Language): string {
  return format(language, { day: '2-digit', month: '2-digit' }).format(new Date(time))
}

/** Today in São Paulo, `2026-11-23`; or the day that many days before it. */
export function dayInSaoPaulo(daysAgo = 0, now = new Date()): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(now)
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() - daysAgo)
  return date.toISOString().slice(0, 10)
}

/** `há 5 minutos`, for what happened within the last twelve hours; otherwise the moment itself. */
export function formatAgo(time: string, language: Language, now = Date.now()): string {
  const minutes = Math.round((new Date(time).getTime() - now) / 60_000)
  if (minutes <= -12 * 60 || minutes > 0) return formatMoment(time, language)
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  return minutes > -60 ? relative.format(minutes, 'minute') : relative.format(Math.round(minutes / 60), 'hour')
}
