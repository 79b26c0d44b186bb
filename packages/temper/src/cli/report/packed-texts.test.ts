import { expect, it } from 'vitest'
import { PackedTexts } from './packed-texts.ts'

it('texts come back as they were put, also those after many megabytes', () => {
  const texts = Array.from({ length: 30 }, (_, at) => `${at} é…\u{1F4E6}`.repeat(80_000))
  const packed = new PackedTexts()
  for (const text of texts) packed.add(text)
  expect(packed.count).toBe(texts.length)
  expect([...packed].every((text, at) => text === texts[at])).toBe(true)
  expect([...new PackedTexts()]).toEqual([])
})
