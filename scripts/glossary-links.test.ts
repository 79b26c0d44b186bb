import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { linkWords, words } from './glossary-links.ts'

const page = 'docs/how-to/x.md'
const link = (word: string, id = word) => `[${word}](../glossary.md#${id})`

test.each([
  ['A lock and a lock.', `A ${link('lock')} and a lock.`],
  [
    'Two locks of KEV, EPSS.',
    `Two ${link('locks', 'lock')} of ${link('KEV', 'kev')}, ${link('EPSS', 'epss')}.`,
  ],
  ['The trust file. A trust file.', `The ${link('trust file', 'trust-file')}. A trust file.`],
  ['`lock` and <a id="lock">x</a>, then lock', `\`lock\` and <a id="lock">x</a>, then ${link('lock')}`],
  // Explained where the link leads.
  ['[VEX](../reference/vex.md) and VEX', '[VEX](../reference/vex.md) and VEX'],
  [`${link('VEX', 'vex')} and VEX`, `${link('VEX', 'vex')} and VEX`],
  ['## Locks\n```\na lock\n```\n<!-- lock -->\nblock, locked', undefined],
  // What is proved is closed; a door is not.
  ['The door is closed by hand, the tree closed', `The door is ${link('closed')} by hand, the tree closed`],
  ['# About VEX\n\nVEX says', undefined],
])('%j', (text, expected = text) => {
  expect(linkWords(text, page)).toBe(expected)
})

test('changes nothing the second time', () => {
  const once = linkWords('A lock, two referrers, unmodelled effects of provenance, VEX.', page)
  expect(once).toContain('../glossary.md#unmodelled')
  expect(linkWords(once, page)).toBe(once)
})

test('leaves the words of others alone', () => {
  expect(linkWords('A lock of npm', 'docs/reference/language-packages.md')).toBe('A lock of npm')
})

test('every word is in the glossary', () => {
  const glossary = readFileSync(new URL('../docs/glossary.md', import.meta.url), 'utf8')
  for (const id of Object.keys(words)) expect(glossary).toContain(`<a id="${id}"></a>`)
})
