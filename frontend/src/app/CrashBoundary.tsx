import { Button, Center, Stack, Text, Title } from '@mantine/core'
import { IconMoodSad } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type Props = { children: ReactNode }

/** Catches the crash of a screen; with another `key` (another address) it begins anew. */
export class CrashBoundary extends Component<Props, { error: Error | null }> {
  override state = { error: null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    return this.state.error ? <Crash error={this.state.error} /> : this.props.children
  }
}

/** A bug, or a deploy that took away the files of an open page: a reload helps both. */
function Crash({ error }: { error: Error }) {
  const { t } = useTranslation()
  return (
    <Center mih="60vh" p="md">
      <Stack align="center" gap="sm" maw={420}>
        <IconMoodSad size={40} stroke={1.3} aria-hidden />
        <Title order={1}>{t('problem.crash')}</Title>
        <Text c="dimmed" ta="center">
          {t('problem.crashHint')}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {error.message}
        </Text>
        <Button onClick={() => window.location.reload()}>{t('problem.reloadPage')}</Button>
      </Stack>
    </Center>
  )
}
