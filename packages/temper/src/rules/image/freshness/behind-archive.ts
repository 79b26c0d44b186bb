import { imageRule } from '../rule.ts'

export const behindArchive = imageRule({
  id: 'behind-archive',
  title: "Packages are the newest in the distribution's archive",
  why: 'Newer packages in the archive have repairs, whether an advisory says so or not.',
  fix: 'build again: the archive has newer packages',
  level: 'warning',
  aspect: 'patching',
  tier: 'secure',
  needs: ['archive'],
  *check({ archive }) {
    for (const { component, newest } of archive.behind) {
      const { name, version, purl, locations } = component
      const path = locations[0]?.path
      yield {
        place: { kind: 'package', name, version, purl, ...(path === undefined ? {} : { path: `/${path}` }) },
        found: `the archive has ${newest}`,
        remedy: `build again with ${name} ${newest}`,
      }
    }
  },
})
