import { nodePlace } from '../../../model/rule.ts'
import { formatMode } from '../../hardening/subject.ts'
import { variableOf } from '../environment.ts'
import { imageRule } from '../rule.ts'
import { accountsOf } from './runtime-account.ts'

/** What accounts have that are meant to have no home (Debian Policy 9.2.3, base-passwd). */
const none: ReadonlySet<string> = new Set(['', '/', '/nonexistent', '/dev/null', '/run', '/var/empty'])

export const homeFolder = imageRule({
  id: 'home-folder',
  title: 'The home folder of the user exists, and belongs to the user',
  why: 'Programs keep settings and caches in the home folder, and fail if they cannot. A home folder of somebody else can be read and changed by its owner.',
  fix: 'make the folder and give it to the user (COPY --chown, or a directory with uid under paths)',
  level: 'warning',
  aspect: 'user-and-permissions',
  tier: 'secure',
  setting: 'user',
  needs: ['image', 'user'],
  *check({ root, image, user }) {
    if (user.uid === 0) return
    const account = accountsOf({ root }).find(({ uid }) => uid === user.uid)
    const home = variableOf(image.settings, 'HOME') ?? account?.home ?? ''
    if (none.has(home)) return
    const subject = home.slice(0, 200)
    const node = root.resolve(home.replace(/^\/+/, ''))
    if (node === undefined) {
      yield { place: { kind: 'whole' }, subject, found: `the home of uid ${user.uid} is not there` }
    } else if (node.type !== 'directory') {
      yield { place: nodePlace(node), found: `the home of uid ${user.uid} is not a folder` }
    } else if (node.uid !== user.uid && (node.uid !== 0 || (node.mode & 0o005) !== 0o005)) {
      const found = `the home of uid ${user.uid} belongs to uid ${node.uid} (mode ${formatMode(node.mode)})`
      yield { place: nodePlace(node), found }
    }
  },
})
