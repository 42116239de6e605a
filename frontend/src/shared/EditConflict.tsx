import { Button, Group, Modal, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import './formTexts'

/** One field of which two versions exist: what stands on the server now, and what one was about to write. */
export type Difference = { label: string; theirs: string; mine: string }

type Props = {
  differences: Difference[]
  /** Go on editing, on top of what is there now. Nothing is written by this. */
  onMine: () => void
  /** Give up one's own changes. */
  onTheirs: () => void
}

/** Somebody else saved first: shows both versions field by field, and writes nothing. */
export function EditConflict({ differences, onMine, onTheirs }: Props) {
  const { t } = useTranslation(['forms', 'common'])
  return (
    <Modal
      opened
      size="lg"
      onClose={onMine}
      title={t('conflict.title')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <Text size="sm" mb="md">
        {differences.length > 0 ? t('conflict.hint') : t('conflict.elsewhere')}
      </Text>
      {differences.length > 0 && (
        <Table.ScrollContainer minWidth={360} mb="md">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('conflict.field')}</Table.Th>
                <Table.Th>{t('conflict.theirs')}</Table.Th>
                <Table.Th>{t('conflict.mine')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {differences.map(({ label, theirs, mine }) => (
                <Table.Tr key={label}>
                  <Table.Th scope="row">{label}</Table.Th>
                  <Table.Td>{theirs || '—'}</Table.Td>
                  <Table.Td>{mine || '—'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onTheirs}>
          {t('conflict.takeTheirs')}
        </Button>
        <Button onClick={onMine} data-autofocus>
          {t('conflict.keepMine')}
        </Button>
      </Group>
    </Modal>
  )
}
