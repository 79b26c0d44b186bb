import type { Examples } from '../example.ts'

const until = (day: string) => ({
  annotations: { 'org.opencontainers.image.created': '2026-05-30T00:00:00Z', 'io.temper.end-of-life': day },
})

export const examples: Examples = {
  broken: [
    { title: 'a day that is over', ...until('2026-05-31') },
    { title: 'a day after the end of Debian 13', ...until('2031-01-01') },
  ],
  kept: [{ title: 'a day before it', ...until('2028-06-01') }],
}
