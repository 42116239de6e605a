import { Anchor, Group, Kbd, Modal, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import './helpTexts'

export default function Help({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['help', 'common'])
  return (
    <Modal opened onClose={onClose} title={t('title')} closeButtonProps={{ 'aria-label': t('common:actions.close') }}>
      <Stack gap="lg">
        <Section title={t('everywhere')}>
          <Shortcut keys={['n']} does={t('newOrder')} />
          <Shortcut keys={['/']} does={t('search')} />
          <Shortcut keys={['?']} does={t('help')} />
          <Shortcut keys={['Esc']} does={t('escape')} />
        </Section>
        <Section title={t('newOrderScreen')}>
          <Shortcut keys={['↑', '↓']} does={t('arrows')} />
          <Shortcut keys={['Enter']} does={t('enter')} />
          <Shortcut keys={['Ctrl', 'Enter']} does={t('submit')} />
        </Section>
        <Anchor href="/docs" size="sm">
          {t('docs')}
        </Anchor>
      </Stack>
    </Modal>
  )
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="sm">
        {title}
      </Title>
      {children}
    </Stack>
  )
}

function Shortcut({ keys, does }: { keys: string[]; does: string }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{does}</Text>
      <Group gap={4} wrap="nowrap">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </Group>
    </Group>
  )
}
