import type { ShownTrust } from '../../flows/trust/show.ts'
import type { Style } from '../style.ts'
import { facts } from './table.ts'

/** A trust file for people. */
export function trustText(shown: ShownTrust, style: Style): string {
  const people: (readonly [string, string])[] = [
    ...shown.keys.map(({ name, ids }) => [name, `key ${ids.join(', ')}`] as const),
    ...shown.identities.map(({ name, identity, issuer }) => [name, `${identity} (${issuer})`] as const),
  ]
  const rules = shown.rules.map(({ images, signedBy, require, maxAge, name }) =>
    facts([
      ['images', style.bold(images.join(', '))],
      ['signed by', signedBy.join(' or ')],
      ['have', require.join(', ')],
      ...(maxAge === undefined ? [] : [['at most', `${maxAge} old`] as const]),
      ...(name ? [['called', 'signed under their own name'] as const] : []),
    ]),
  )
  const nobody = people.length === 0 ? '  nobody is trusted\n' : ''
  const all = [`${shown.file}\n${facts(people)}${nobody}`, ...rules]
  return all.join('\n')
}
