import type { Effect } from '../../shared/effects/effect.ts'
import { mergedFolders } from '../merged-path.ts'

/** The links by which old paths lead to /usr, where no package in the image brings them and something is there. */
export const usrMerge: Effect = {
  id: 'usr-merge',
  title: 'Links /bin, /sbin, /lib, /lib64 and their like to /usr',
  why: 'Programs, scripts and the dynamic loader are named by paths in the root folder; packages keep them under /usr.',
  source: 'wolfi-baselayout; file-hierarchy(7)',
  start({ stage, note }) {
    const made: string[] = []
    for (const [path, target] of mergedFolders) {
      const present = stage.get(path)
      if (present?.type === 'symlink') continue
      if (stage.list(target).length === 0) {
        if (present !== undefined && stage.list(path).length === 0) stage.remove(path)
        continue
      }
      stage.put({ path, type: 'symlink', mode: 0o777, target: `/${target}` })
      made.push(`/${path}`)
    }
    if (made.length > 0) note('usr-merge', made.join(' '))
    return { owns: [...mergedFolders.keys()] }
  },
}
