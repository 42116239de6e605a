import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, NoAnswer } from '../api/problem'

export type Description = { title: string; detail: string; requestId: string | null }

/** Says kindly what went wrong. The server's own words come in the language of the screen. */
export function useDescribe(): (error: unknown) => Description {
  const { t } = useTranslation()
  return useCallback(
    (error: unknown) => {
      const title = t('problem.title')
      if (error instanceof NoAnswer) return { title, detail: t('problem.noAnswer'), requestId: null }
      if (!(error instanceof ApiError)) {
        return { title, detail: error instanceof Error ? error.message : String(error), requestId: null }
      }
      const requestId = error.problem.request_id
      if (error.code === 'rate_limited') {
        return { title, detail: t('problem.busy', { seconds: error.retryAfter ?? 30 }), requestId }
      }
      if (error.status >= 502) return { title, detail: t('problem.unavailable'), requestId }
      // The server's words are for those who write a client: a person needs the token of a fresh page.
      if (error.code === 'csrf_failed') return { title, detail: t('problem.csrf'), requestId }
      if (error.code === 'permission_denied') return { title, detail: t('problem.forbidden'), requestId }
      return { title: error.problem.title, detail: error.problem.detail, requestId }
    },
    [t],
  )
}
