import { Anchor, Group, Kbd, Modal, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export default function Help({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={onClose} title={t('help.title')} closeButtonProps={{ 'aria-label': t('actions.close') }}>
      <Stack gap="lg">
        <Section title={t('help.everywhere')}>
          <Shortcut keys={['n']} does={t('help.newOrder')} />
          <Shortcut keys={['/']} does={t('help.search')} />
          <Shortcut keys={['?']} does={t('help.help')} />
          <Shortcut keys={['Esc']} does={t('help.escape')} />
        </Section>
        <Section title={t('help.newOrderScreen')}>
          <Shortcut keys={['↑', '↓']} does={t('help.arrows')} />
          <Shortcut keys={['Enter']} does={t('help.enter')} />
          <Shortcut keys={['Ctrl', 'Enter']} does={t('help.submit')} />
        </Section>
        <Anchor href="/docs" size="sm">
          {t('help.docs')}
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
