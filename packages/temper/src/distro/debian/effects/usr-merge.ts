import type { Effect } from '../../shared/effects/effect.ts'
import { merged } from '../archive/merged-path.ts'

/** Effect: the links of the root folder; `lib64` and the like only when something is there or must be found there. */
export const usrMerge: Effect = {
  id: 'usr-merge',
  title: 'Links /bin, /sbin, /lib and /lib64 to /usr',
  why: 'Programs, scripts and the dynamic loader are named by paths in the root folder; packages keep them under /usr.',
  source: 'Debian Policy 10.1; base-files and libc6 maintainer scripts; file-hierarchy(7)',
  start(context) {
    const { stage } = context
    const made: string[] = []
    for (const name of merged) {
      const always = name === 'bin' || name === 'sbin' || name === 'lib'
      const needed = always || stage.list(`usr/${name}`).length > 0
      const present = stage.get(name)
      if (present?.type === 'symlink') continue
      if (!needed) {
        if (present && stage.list(name).length === 0) stage.remove(name)
        continue
      }
      stage.makeDirectory(`usr/${name}`)
      stage.put({ path: name, type: 'symlink', mode: 0o777, target: `usr/${name}` })
      made.push(`/${name}`)
    }
    if (made.length > 0) context.note('usr-merge', made.join(' '))
    return { owns: merged.map((name) => name as string) }
  },
}
