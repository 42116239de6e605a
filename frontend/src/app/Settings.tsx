import { ActionIcon, Button, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLanguage } from '../texts/i18n'

/** One button: the language one would change to. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage()
  const queries = useQueryClient()
  const other = language === 'en' ? 'pt-BR' : 'en'
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      lang={other}
      onClick={() => {
        choose(other)
        // Some texts come from the server in the language of the request.
        void queries.invalidateQueries()
      }}
    >
      {other === 'en' ? 'English' : 'Português'}
    </Button>
  )
}

export function ThemeSwitch() {
  const { t } = useTranslation()
  const scheme = useComputedColorScheme('light')
  const { setColorScheme } = useMantineColorScheme()
  const label = t(scheme === 'light' ? 'settings.toDark' : 'settings.toLight')
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => setColorScheme(scheme === 'light' ? 'dark' : 'light')}
      >
        {scheme === 'light' ? <IconMoon size={18} stroke={1.6} /> : <IconSun size={18} stroke={1.6} />}
      </ActionIcon>
    </Tooltip>
  )
}
