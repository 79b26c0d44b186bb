import type { HardeningRule } from '../hardening/subject.ts'

export const rootUser: HardeningRule = {
  id: 'root-user',
  title: 'Runs as a user other than root',
  why: 'Root in a container is root for the kernel. A flaw in runtime or kernel is worth much less to another user.',
  *check({ user }) {
    if (user.uid === 0) yield { found: 'the image runs as root (uid 0)' }
  },
}
