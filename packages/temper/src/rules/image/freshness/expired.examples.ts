import type { Examples } from '../example.ts'

const until = (day: string) => ({
  annotations: {
    'org.opencontainers.image.created': '2026-05-30T00:00:00Z',
    'io.temper.debug-of': `sha256:${'0'.repeat(64)}`,
    'io.temper.expires': day,
  },
})

export const examples: Examples = {
  broken: [
    { title: 'a day that is over', ...until('2026-05-31') },
    { title: 'a day that is none', ...until('soon') },
    { title: 'a day that is to come, which is told', ...until('2026-12-31') },
  ],
  kept: [
    {
      title: 'an image for use',
      annotations: { 'org.opencontainers.image.created': '2026-05-30T00:00:00Z' },
    },
  ],
}
