import type { Examples } from '../example.ts'

const component = {
  type: 'deb',
  name: 'zlib1g',
  version: '1.3.1-1',
  purl: 'pkg:deb/debian/zlib1g@1.3.1-1',
  locations: [],
  foundBy: 'dpkg',
} as const

export const examples: Examples = {
  broken: [
    {
      title: 'a package that the archive has newer',
      known: () => ({ archive: { behind: [{ component, newest: '1.3.1-1+deb13u1' }] } }),
    },
  ],
  kept: [{ title: 'packages that the archive has', known: () => ({ archive: { behind: [] } }) }],
}
