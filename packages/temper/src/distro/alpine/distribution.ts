import type { Distribution } from '../../model/distro.ts'
import { alpineRelease, alpineReleases } from './releases.ts'

export const alpine: Distribution = {
  id: 'alpine',
  packageType: 'apk',
  releases: alpineReleases,
  open: async ({ id }) => {
    const { openAlpine } = await import('./distro.ts')
    return openAlpine(alpineRelease(id))
  },
}
