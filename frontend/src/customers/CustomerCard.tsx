import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPhone } from '../formats/contact'
import { useMay } from '../session/session'
import { Moment } from '../shared/Moment'
import { type Customer, addressLines } from './customers'

/** How to reach a customer. A Viewer sees it masked, and is told so. */
export function CustomerCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation('customers')
  const may = useMay()
  const clear = may('customers.view_personal_data')
  const lines = addressLines(customer.address)
  const { email, phone } = customer
  return (
    <Paper p="md" component="section" aria-label={t('one.contact')}>
      <Stack gap="md">
        <Part title={t('field.phone')}>
          {phone && (clear ? <a href={`tel:${phone}`}>{formatPhone(phone)}</a> : formatPhone(phone))}
        </Part>
        <Part title={t('field.email')}>{email && (clear ? <a href={`mailto:${email}`}>{email}</a> : email)}</Part>
        <Part title={t('one.address')}>
          {lines.length > 0 &&
            lines.map((line) => (
              <Text key={line} size="sm">
                {line}
              </Text>
            ))}
        </Part>
        <Part title={t('one.since')}>
          <Moment time={customer.created_at} />
        </Part>
        {!clear && (
          <Text size="xs" c="dimmed">
            {t('one.masked')}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation('customers')
  return (
    <div>
      <Title order={2} size="xs" c="dimmed" fw={550} mb={2}>
        {title}
      </Title>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children || (
          <Text span c="dimmed">
            {t('one.unknown')}
          </Text>
        )}
      </Text>
    </div>
  )
}
