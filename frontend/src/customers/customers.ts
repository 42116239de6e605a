import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { type Schemas, api, body, ifMatch, versioned } from '../api/client'
import { formatPhone, formatPostalCode, isPhone, isPostalCode } from '../formats/contact'
import { bareDocument, documentType, formatDocument } from '../formats/documents'
import type { Found } from '../shared/MaybeSaved'

export type Customer = Schemas['CustomerOutput']

export type CustomerFilters = {
  search?: string
  state?: string
  is_active?: boolean
  ordering?: string
}

export function fetchCustomers(filters: CustomerFilters, cursor: string) {
  return body(api.GET('/api/v1/customers', { params: { query: { ...filters, cursor, page_size: 30 } } }))
}

export function customerQuery(id: number) {
  return queryOptions({
    queryKey: ['customers', 'one', id],
    queryFn: () => versioned<Customer>(api.GET('/api/v1/customers/{id}', { params: { path: { id } } })),
  })
}

/** Those of exactly this name, the newest first: one of them may be what was sent. */
export async function customersNamed(name: string): Promise<Found[]> {
  const query = { name, ordering: '-created_at', page_size: 30 }
  const { results } = await body(api.GET('/api/v1/customers', { params: { query } }))
  return results
    .filter((customer) => customer.name.localeCompare(name, 'pt-BR', { sensitivity: 'base' }) === 0)
    .map(({ id, name, document, address }) => ({
      to: `/customers/${id}`,
      text: [name, document && formatDocument(document), ...addressLines(address)].filter(Boolean).join(' · '),
    }))
}

export const ADDRESS = ['street', 'number', 'complement', 'district', 'city', 'state', 'postal_code'] as const

/** What the form holds: texts as people write them, empty where the server has null. */
export type CustomerValues = {
  name: string
  document: string
  email: string
  phone: string
  address: Record<(typeof ADDRESS)[number], string>
  is_active: boolean
}

export function valuesOf(customer: Customer | null): CustomerValues {
  const address = customer?.address
  return {
    name: customer?.name ?? '',
    document: formatDocument(customer?.document ?? ''),
    email: customer?.email ?? '',
    phone: formatPhone(customer?.phone ?? ''),
    address: {
      street: address?.street ?? '',
      number: address?.number ?? '',
      complement: address?.complement ?? '',
      district: address?.district ?? '',
      city: address?.city ?? '',
      state: address?.state ?? '',
      postal_code: formatPostalCode(address?.postal_code ?? ''),
    },
    is_active: customer?.is_active ?? true,
  }
}

/** The body of a write. An emptied field becomes null; a document travels bare. */
export function bodyOf(values: Partial<CustomerValues>): Schemas['PatchedCustomerInput'] {
  const { name, document, email, phone, address, is_active } = values
  const orNull = (text: string) => text.trim() || null
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(document !== undefined && { document: bareDocument(document) || null }),
    ...(email !== undefined && { email: orNull(email) }),
    ...(phone !== undefined && { phone: orNull(phone) }),
    ...(address !== undefined && {
      address: Object.fromEntries(Object.entries(address).map(([field, text]) => [field, orNull(text)])),
    }),
    ...(is_active !== undefined && { is_active }),
  }
}

type Complaint = 'required' | 'document' | 'phone' | 'postalCode' | 'email'

/** What is wrong with the values, by field, before the server is asked. */
export function complaints(values: CustomerValues): Partial<Record<string, Complaint>> {
  const { name, document, email, phone, address } = values
  return {
    ...(!name.trim() && { name: 'required' }),
    ...(document.trim() && !documentType(document) && { document: 'document' }),
    ...(email.trim() && !/^\S+@\S+\.\S+$/.test(email.trim()) && { email: 'email' }),
    ...(phone.trim() && !isPhone(phone) && { phone: 'phone' }),
    ...(address.postal_code.trim() && !isPostalCode(address.postal_code) && { 'address.postal_code': 'postalCode' }),
  }
}

export async function writeCustomer(id: number | null, values: Partial<CustomerValues>, etag: string | null) {
  const written = bodyOf(values)
  if (id === null) {
    return versioned<Customer>(api.POST('/api/v1/customers', { body: { ...written, name: written.name ?? '' } }))
  }
  return versioned<Customer>(
    api.PATCH('/api/v1/customers/{id}', { params: { path: { id }, header: ifMatch(etag) }, body: written }),
  )
}

export function deleteCustomer(id: number, etag: string | null) {
  return api.DELETE('/api/v1/customers/{id}', { params: { path: { id }, header: ifMatch(etag) } })
}

export function restoreCustomer(id: number) {
  return versioned<Customer>(api.POST('/api/v1/customers/{id}/restore', { params: { path: { id } } }))
}

/** After a write: the lists tell another story now. (The row itself came with the answer, or is gone.) */
export function customersChanged(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ['customers'], predicate: ({ queryKey }) => queryKey[1] !== 'one' })
  void queries.invalidateQueries({ queryKey: ['orders'] })
}

/** `Rua Augusta, 1520, Loja 2 · Consolação` and `São Paulo/SP · 01304-001`: what is known of it. */
export function addressLines(address: Customer['address']): string[] {
  const first = [[address.street, address.number, address.complement].filter(Boolean).join(', '), address.district]
  const second = [
    [address.city, address.state].filter(Boolean).join('/'),
    address.postal_code && formatPostalCode(address.postal_code),
  ]
  return [first, second].map((parts) => parts.filter(Boolean).join(' · ')).filter(Boolean)
}
