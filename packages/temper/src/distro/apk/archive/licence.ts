import { exceptionId, licenceId } from '../../../formats/debian-licence/names.ts'
import type { LicenceStatement } from '../../../model/package/licence.ts'

const operators = new Set(['AND', 'OR', 'WITH'])
const longest = 2000

/**
 * The `license` line of a package, which should be an SPDX expression by Alpine's rules but often is not: names that
 * SPDX does not list become references, and other text is kept as words.
 */
export function licenceOf(text: string): LicenceStatement {
  const texts: Record<string, string> = {}
  const words = text.slice(0, longest).replace(/[()]/g, ' $& ').split(/\s+/).filter(Boolean)
  const parts: string[] = []
  let open = 0
  let needsName = true
  for (const [at, word] of words.entries()) {
    if (word === '(' || word === ')') {
      open += word === '(' ? 1 : -1
      if ((word === '(') !== needsName || open < 0) return plain(text)
      parts.push(word)
    } else if (operators.has(word.toUpperCase())) {
      if (needsName) return plain(text)
      parts.push(word.toUpperCase())
      needsName = true
    } else {
      if (!needsName) return plain(text)
      const isException = words[at - 1]?.toUpperCase() === 'WITH'
      const known = isException ? exceptionId(word, words[at - 2] ?? '') : licenceId(word)
      if (isException && known === undefined) return plain(text)
      if (known === undefined) texts[referenceOf(word)] = word
      parts.push(known ?? referenceOf(word))
      needsName = false
    }
  }
  if (open !== 0 || needsName) return plain(text)
  return { expression: parts.join(' ').replace(/\( /g, '(').replace(/ \)/g, ')'), texts }
}

function plain(text: string): LicenceStatement {
  const name = referenceOf(text.slice(0, 60))
  return { expression: name, texts: { [name]: text }, words: text }
}

function referenceOf(name: string): string {
  return `LicenseRef-apk-${name.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^-|-$/g, '') || 'unnamed'}`
}
