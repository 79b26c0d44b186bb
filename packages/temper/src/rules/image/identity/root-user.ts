import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const rootUser: HardeningRule = hardeningRule({
  id: 'root-user',
  title: 'Runs as a user other than root',
  why: 'Root in a container is root for the kernel. To any other user a flaw in the runtime or kernel is worth much less.',
  fix: 'name another user, by its numeric id',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  setting: 'user',
  needs: ['user'],
  *check({ user }) {
    if (user?.uid === 0)
      yield { place: { kind: 'whole' }, subject: 'the image', found: 'runs as root (uid 0)' }
  },
})
