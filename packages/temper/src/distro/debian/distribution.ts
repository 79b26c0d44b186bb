import type { DistroFamily } from '../../model/distro.ts'
import { debianRelease, debianReleases } from './releases.ts'

export const debian: DistroFamily = {
  id: 'debian',
  packageType: 'deb',
  releases: debianReleases,
  open: async ({ id }, host) => {
    const { openDebian } = await import('./distro.ts')
    return openDebian(debianRelease(id), host)
  },
}
