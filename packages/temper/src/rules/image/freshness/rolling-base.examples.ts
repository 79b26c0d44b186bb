import type { Examples } from '../example.ts'

const based = (name: string) => ({
  annotations: {
    'org.opencontainers.image.created': '2026-05-30T00:00:00Z',
    'org.opencontainers.image.base.name': name,
    'org.opencontainers.image.base.digest': `sha256:${'0'.repeat(64)}`,
  },
})

export const examples: Examples = {
  broken: [
    { title: 'the newest', ...based('registry.example:5000/debian:latest') },
    { title: 'no tag', ...based('registry.example:5000/debian') },
  ],
  kept: [{ title: 'a release', ...based('registry.example:5000/debian:13-slim') }],
}
