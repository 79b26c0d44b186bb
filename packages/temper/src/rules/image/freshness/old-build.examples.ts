import type { Examples } from '../example.ts'

const built = (time: string) => ({
  config: { created: time, history: [] },
  annotations: { 'org.opencontainers.image.created': time },
})

export const examples: Examples = {
  broken: [{ title: 'of last year', ...built('2025-12-01T00:00:00Z') }],
  kept: [{ title: 'of this spring', ...built('2026-03-15T00:00:00Z') }],
}
