import { Paper } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useMay } from '../session/session'
import { Forbidden } from '../shared/ErrorState'
import { PageHeader } from '../shared/PageHeader'
import { ProductForm } from './ProductForm'
import './texts'

export function Component() {
  const { t } = useTranslation('products')
  const may = useMay()
  const navigate = useNavigate()
  if (!may('products.add_product')) return <Forbidden />
  return (
    <>
      <PageHeader title={t('new')} />
      <Paper p="md" maw={680}>
        <ProductForm
          loaded={null}
          onSaved={({ id }) => void navigate(`/products/${id}`, { replace: true })}
          onCancel={() => void navigate('/products')}
        />
      </Paper>
    </>
  )
}
