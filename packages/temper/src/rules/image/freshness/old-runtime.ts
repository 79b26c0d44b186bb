import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { runtimeEnds } from './runtime-ends.ts'
import { runtimesOf } from './runtimes.ts'

export const oldRuntime = imageRule({
  id: 'old-runtime',
  title: 'Runtimes are still repaired by their makers',
  why: 'New flaws in them stay open. Runtimes from a distribution do not count: it repairs them itself.',
  fix: 'move to a release that is supported',
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
