import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { runtimeEnds } from './runtime-ends.ts'
import { runtimesOf } from './runtimes.ts'

export const oldRuntime = imageRule({
  id: 'old-runtime',
  title: 'Runtimes are still repaired by who makes them',
  why: 'What becomes known of them from now on stays open. Runtimes of a distribution are repaired by it, and do not count.',
  fix: 'move to a release that is looked after',
  level: 'warning',
  aspect: 'patching',
  tier: 'hardened',
  *check(subject) {
    const today = subject.now.toISOString().slice(0, 10)
    for (const { name, version, node } of runtimesOf(subject)) {
      const end = runtimeEnds[name]?.find(
        ([release]) => version === release || version.startsWith(`${release}.`),
      )
      if (end === undefined || end[1] >= today) continue
      const shown = `${name} ${version.slice(0, 40)}`
      yield {
        place: node === undefined ? { kind: 'whole' } : nodePlace(node),
        subject: shown,
        found: `${shown} was repaired until ${end[1]}`,
      }
    }
  },
})
