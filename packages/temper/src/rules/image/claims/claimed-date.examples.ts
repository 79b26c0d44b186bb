import type { Examples } from '../example.ts'

const says = (time: string) => ({ annotations: { 'org.opencontainers.image.created': time } })

export const examples: Examples = {
  broken: [
    { title: 'two days earlier', ...says('2026-05-28T00:00:00Z') },
    { title: 'two days later', ...says('2026-06-01T00:00:00Z') },
  ],
  kept: [
    { title: 'the same in another zone', ...says('2026-05-30T02:00:00+02:00') },
    { title: 'no date', ...says('yesterday') },
    { title: 'two hours later', ...says('2026-05-30T02:00:00Z') },
  ],
}
