import type { Examples } from '../example.ts'

const built = (time: string) => ({
  config: { created: time, history: [] },
  annotations: { 'org.opencontainers.image.created': time },
})

export const examples: Examples = {
  broken: [
    { title: 'the first day of Unix', ...built('1970-01-01T00:00:00Z') },
    { title: 'next year', ...built('2027-01-01T00:00:00Z') },
  ],
  kept: [{ title: 'today', ...built('2026-06-01T00:00:00Z') }],
}
