// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { eachOf } from './queries'

const soon = () => new Promise((resolve) => setTimeout(resolve, 1))

it('asks for a few at a time, and answers in order', async () => {
  let now = 0
  let most = 0
  const answers = await eachOf([3, 1, 4, 1, 5, 9, 2, 6], async (item) => {
    most = Math.max(most, ++now)
    await soon()
    now--
    return item * 10
  })
  expect(answers).toEqual([30, 10, 40, 10, 50, 90, 20, 60])
  expect(most).toBe(4)
})

it('ends with the first that fails, and asks for no more', async () => {
  const asked: number[] = []
  const all = eachOf([...Array(50).keys()], async (item) => {
    asked.push(item)
    await soon()
    if (item === 2) throw new Error('busy')
  })
  await expect(all).rejects.toThrow('busy')
  await soon()
  expect(asked.length).toBeLessThan(10)
})
