import type { Example, Examples } from '../example.ts'

const digest = 'a'.repeat(64)
const based = (title: string, name: string): Example => ({
  title,
  annotations: {
    'org.opencontainers.image.created': '2026-05-30T00:00:00Z',
    'org.opencontainers.image.base.name': name,
    'org.opencontainers.image.base.digest': `sha256:${digest}`,
  },
})
const builtFrom = (sha256: string): Pick<Example, 'known'> => ({
  known: ({ evidence }) => ({
    evidence: {
      ...evidence,
      provenance: evidence.provenance.map((each) => ({
        ...each,
        materials: [{ uri: 'pkg:docker/debian@13', digest: { sha256 } }],
      })),
    },
  }),
})

export const examples: Examples = {
  broken: [
    based('another release', 'docker.io/library/debian:12-slim'),
    based('another distribution', 'alpine:3.23'),
    { ...based('another digest', 'debian:13'), ...builtFrom('b'.repeat(64)) },
  ],
  kept: [
    based('what it is', 'debian:13-slim'),
    based('an image of somebody', 'registry.example/base/debian-go:1'),
    { ...based('the digest of provenance', 'debian:13'), ...builtFrom(digest) },
  ],
}
