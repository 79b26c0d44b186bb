import { imageRule } from '../rule.ts'

const day = 86_400_000
/** So long before it is time to move. */
const notice = 90

export const endOfLife = imageRule({
  id: 'end-of-life',
  title: 'The distribution is still supported',
  why: 'After its end nobody repairs new flaws in its packages, and scanners soon know nothing about them either.',
  fix: 'move to a release that is supported: another FROM line, or another distribution in the recipe',
  level: 'error',
  aspect: 'patching',
  tier: 'minimal',
  setting: 'base',
  *check({ support, now }) {
    if (support === undefined) return
    const { distribution, endOfLife: last, ended } = support
    const name = distribution.title ?? `${distribution.id} ${distribution.version}`.trimEnd()
    const left = Math.floor((Date.parse(last) - now.getTime()) / day)
    if (ended) yield { place: { kind: 'whole' }, subject: name, found: `it was supported until ${last}` }
    else if (left < notice)
      yield {
        place: { kind: 'whole' },
        subject: name,
        level: 'note',
        found: `it is supported until ${last}`,
      }
  },
})
