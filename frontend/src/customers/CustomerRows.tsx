import { Badge, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { formatPhone } from '../formats/contact'
import { formatDocument } from '../formats/documents'
import lists from '../shared/List.module.css'
import { useIsPhone } from '../shared/useIsPhone'
import type { Customer } from './customers'

type Props = { customers: Customer[]; fading: boolean }

export function CustomerRows({ customers, fading }: Props) {
  const phone = useIsPhone()
  const Rows = phone ? Cards : Lines
  return (
    <div className={fading ? lists.fading : undefined}>
      <Rows customers={customers} />
    </div>
  )
}

const place = ({ address }: Customer) => [address.city, address.state].filter(Boolean).join('/')

export function InactiveBadge() {
  const { t } = useTranslation('customers')
  return (
    <Badge color="gray" variant="light" tt="none" fw={550}>
      {t('inactive')}
    </Badge>
  )
}

function Lines({ customers }: { customers: Customer[] }) {
  const { t } = useTranslation('customers')
  const navigate = useNavigate()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('columns.name')}</Table.Th>
          <Table.Th>{t('columns.document')}</Table.Th>
          <Table.Th>{t('columns.phone')}</Table.Th>
          <Table.Th>{t('columns.place')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {customers.map((customer) => (
          <Table.Tr
            key={customer.id}
            className={lists.row}
            onClick={() => void navigate(`/customers/${customer.id}`)}
          >
            <Table.Td>
              <Group gap="xs">
                <Link
                  to={`/customers/${customer.id}`}
                  className={lists.name}
                  onClick={(event) => event.stopPropagation()}
                >
                  {customer.name}
                </Link>
                {!customer.is_active && <InactiveBadge />}
              </Group>
            </Table.Td>
            <Table.Td className="nowrap">{formatDocument(customer.document ?? '')}</Table.Td>
            <Table.Td className="nowrap">{formatPhone(customer.phone ?? '')}</Table.Td>
            <Table.Td c="dimmed" className="breaks">
              {place(customer)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Cards({ customers }: { customers: Customer[] }) {
  return customers.map((customer) => (
    <Link key={customer.id} to={`/customers/${customer.id}`} className={lists.card}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} truncate>
          {customer.name}
        </Text>
        {!customer.is_active && <InactiveBadge />}
      </Group>
      <Text size="sm" c="dimmed" truncate>
        {[place(customer), formatPhone(customer.phone ?? '')].filter(Boolean).join(' · ')}
      </Text>
    </Link>
  ))
}
