import { describe, expect, it } from 'vitest'
import { formatPhone, formatPostalCode, isPhone, isPostalCode } from './contact'

describe('phones', () => {
  it.each([
    ['+5511987654321', '(11) 98765-4321'],
    ['1132560141', '(11) 3256-0141'],
    ['11987654321', '(11) 98765-4321'],
    ['119', '119'],
    ['(11) 9876-543', '(11) 9876-543'],
    ['0800 123 4567', '0800 123 4567'],
    ['4004-1234', '4004-1234'],
    ['011 98765-4321', '011 98765-4321'],
    ['5511987654321', '5511987654321'],
    ['(55) 11987-65432', '551198765432'],
    ['+351211234567', '+351211234567'],
    ['***4321', '***4321'],
  ])('shows %s as %s', (stored, shown) => {
    expect(formatPhone(stored)).toBe(shown)
  })

  it('asks for the area code', () => {
    expect(isPhone('(11) 98765-4321')).toBe(true)
    expect(isPhone('+55 11 3256-0141')).toBe(true)
    expect(isPhone('+351 21 123 4567')).toBe(true)
    expect(isPhone('011 98765-4321')).toBe(true)
    expect(isPhone('5511987654321')).toBe(true)
    expect(isPhone('0800 123 4567')).toBe(true)
    expect(isPhone('98765-4321')).toBe(false)
    expect(isPhone('ramal 98765-4321')).toBe(false)
    expect(isPhone('')).toBe(false)
  })
})

describe('postal codes', () => {
  it('puts the hyphen in', () => {
    expect(formatPostalCode('01304001')).toBe('01304-001')
    expect(formatPostalCode('01304')).toBe('01304')
    expect(formatPostalCode('01304-0019')).toBe('01304-0019')
  })

  it('has eight digits', () => {
    expect(isPostalCode('01304-001')).toBe(true)
    expect(isPostalCode('0130400')).toBe(false)
  })
})
