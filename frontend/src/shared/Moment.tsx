import { formatAgo, formatMoment, formatMomentLong } from '../formats/moments'
import { useLanguage } from '../texts/i18n'

/** A moment on the shop's clock; `ago` says a recent one by its distance. The whole of it is the hint. */
export function Moment({ time, ago = false }: { time: string; ago?: boolean }) {
  const { language } = useLanguage()
  return (
    <time className="nowrap" dateTime={time} title={formatMomentLong(time, language)}>
      {ago ? formatAgo(time, language) : formatMoment(time, language)}
    </time>
  )
}
