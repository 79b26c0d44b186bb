import type { Examples } from '../example.ts'

const created = { 'org.opencontainers.image.created': '2026-05-30T00:00:00Z' }
const name = 'org.opencontainers.image.base.name'
const digest = 'org.opencontainers.image.base.digest'

export const examples: Examples = {
  broken: [
    { title: 'a tag alone', annotations: { ...created, [name]: 'debian:13' } },
    {
      title: 'a digest that is none',
      annotations: { ...created, [name]: 'debian:13', [digest]: 'sha256:1234' },
    },
  ],
  kept: [
    {
      title: 'with its digest',
      annotations: { ...created, [name]: 'debian:13', [digest]: `sha256:${'0'.repeat(64)}` },
    },
    { title: 'no base', annotations: { ...created, [name]: 'scratch' } },
  ],
}
