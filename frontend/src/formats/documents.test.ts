import { describe, expect, it } from 'vitest'
import { bareDocument, documentType, formatDocument } from './documents'

describe('documentType', () => {
  it.each([
    ['529.982.247-25', 'CPF'],
    ['52998224725', 'CPF'],
    ['11.222.333/0001-81', 'CNPJ'],
    ['11222333000181', 'CNPJ'],
    ['12.ABC.345/01DE-35', 'CNPJ'],
    ['12abc34501de35', 'CNPJ'],
  ])('knows %s for a %s', (typed, type) => {
    expect(documentType(typed)).toBe(type)
  })

  it.each([
    '529.982.247-24', // one digit off
    '11.222.333/0001-82',
    '12.ABC.345/01DE-36',
    '12.ABD.345/01DE-35',
    '111.111.111-11', // repeated
    '00000000000000',
    '12ABC34501DE3A', // the check digits are digits
    '5299822472',
    '',
  ])('refuses %s', (typed) => {
    expect(documentType(typed)).toBeNull()
  })

  it('notices every single wrong digit of a CPF', () => {
    const right = '52998224725'
    for (let place = 0; place < right.length; place++) {
      for (const digit of '0123456789') {
        const changed = right.slice(0, place) + digit + right.slice(place + 1)
        expect(documentType(changed)).toBe(changed === right ? 'CPF' : null)
      }
    }
  })
})

describe('formatDocument', () => {
  it('grows with the typing', () => {
    expect(formatDocument('529')).toBe('529')
    expect(formatDocument('5299')).toBe('529.9')
    expect(formatDocument('52998224725')).toBe('529.982.247-25')
    expect(formatDocument('112223330001')).toBe('11.222.333/0001')
    expect(formatDocument('11222333000181')).toBe('11.222.333/0001-81')
    expect(formatDocument('12abc34501de35')).toBe('12.ABC.345/01DE-35')
    expect(formatDocument('11.222.333/0001-819')).toBe('11.222.333/0001-819')
  })

  it('undoes itself', () => {
    expect(bareDocument(formatDocument('12ABC34501DE35'))).toBe('12ABC34501DE35')
  })

  it('leaves what is masked as it is', () => {
    expect(formatDocument('***.982.247-**')).toBe('***.982.247-**')
  })
})
