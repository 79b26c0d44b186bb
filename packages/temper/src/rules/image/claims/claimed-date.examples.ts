import type { Examples } from '../example.ts'

const says = (time: string) => ({ annotations: { 'org.opencontainers.image.created': time } })

export const examples: Examples = {
  broken: [{ title: 'two days later', ...says('2026-06-01T00:00:00Z') }],
  kept: [{ title: 'two hours later', ...says('2026-05-30T02:00:00Z') }],
}
