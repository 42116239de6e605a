import { Paper } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMay } from '../session/session'
import { Forbidden } from '../shared/ErrorState'
import { PageHeader } from '../shared/PageHeader'
import { CustomerForm } from './CustomerForm'
import './texts'

export function Component() {
  const { t } = useTranslation('customers')
  const may = useMay()
  const navigate = useNavigate()
  if (!may('customers.add_customer')) return <Forbidden />
  return (
    <>
      <PageHeader title={t('new')} />
      <Paper p="md" maw={860}>
        <CustomerForm
          loaded={null}
          onSaved={({ id }) => void navigate(`/customers/${id}`, { replace: true })}
          onCancel={() => void navigate('/customers')}
        />
      </Paper>
    </>
  )
}
