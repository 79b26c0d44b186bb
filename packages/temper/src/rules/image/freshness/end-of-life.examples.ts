import { type Example, type Examples, file } from '../example.ts'

const release = (title: string, version: string): Example => ({
  title,
  files: [file('etc/os-release', `ID=debian\nVERSION_ID=${version}\n`)],
})

export const examples: Examples = {
  broken: [
    release('a release of 2019', '10'),
    {
      ...release('a release that ends soon', '11'),
      known: ({ scan }) => ({ now: new Date('2026-07-01T00:00:00Z'), scan: { ...scan, asOf: '2026-06-30' } }),
    },
  ],
  kept: [release('the release before', '12'), release('one that nobody knows', '99')],
}
