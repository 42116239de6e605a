// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { type Customer, addressLines, bodyOf, complaints, valuesOf } from './customers'

const EMPTY = valuesOf(null)
const PADARIA: Customer = {
  id: 1,
  name: 'Padaria Pão da Serra Ltda',
  document: '18462937000144',
  document_type: 'CNPJ',
  email: 'compras@paodaserra.example.com',
  phone: '+551132560141',
  address: {
    street: 'Rua Augusta',
    number: '1520',
    complement: null,
    district: 'Consolação',
    city: 'São Paulo',
    state: 'SP',
    postal_code: '01304001',
  },
  is_active: true,
  created_at: '2026-11-01T12:00:00Z',
  updated_at: '2026-11-01T12:00:00Z',
}

describe('a customer in the form', () => {
  it('is shown as people write it', () => {
    const values = valuesOf(PADARIA)
    expect(values.document).toBe('18.462.937/0001-44')
    expect(values.phone).toBe('(11) 3256-0141')
    expect(values.address.postal_code).toBe('01304-001')
    expect(values.address.complement).toBe('')
  })

  it('is right as it came from the server', () => {
    expect(complaints(valuesOf(PADARIA))).toEqual({})
  })

  it('needs only a name', () => {
    expect(complaints(EMPTY)).toEqual({ name: 'required' })
    expect(complaints({ ...EMPTY, name: 'Ana' })).toEqual({})
  })

  it('is told of every wrong field at once', () => {
    const wrong = { ...EMPTY, name: ' ', document: '529.982.247-24', email: 'ana', phone: '98765-4321' }
    expect(complaints({ ...wrong, address: { ...EMPTY.address, postal_code: '0130' } })).toEqual({
      name: 'required',
      document: 'document',
      email: 'email',
      phone: 'phone',
      'address.postal_code': 'postalCode',
    })
  })
})

describe('the body of a write', () => {
  it('holds what was changed, bare, with null for what was emptied', () => {
    expect(bodyOf({ document: '12.abc.345/01de-35', phone: ' ', is_active: false })).toEqual({
      document: '12ABC34501DE35',
      phone: null,
      is_active: false,
    })
  })

  it('trims', () => {
    expect(bodyOf({ name: '  Ana ', address: { ...EMPTY.address, city: ' Recife ' } })).toMatchObject({
      name: 'Ana',
      address: { city: 'Recife', street: null },
    })
  })
})

describe('an address', () => {
  it('is two lines, of what is known', () => {
    expect(addressLines(PADARIA.address)).toEqual(['Rua Augusta, 1520 · Consolação', 'São Paulo/SP · 01304-001'])
    const nothing = Object.fromEntries(Object.keys(PADARIA.address).map((field) => [field, null]))
    expect(addressLines(nothing as Customer['address'])).toEqual([])
  })
})
