import type { Examples } from '../example.ts'

const version = 'org.opencontainers.image.version'
const annotations = { 'org.opencontainers.image.created': '2026-05-30T00:00:00Z', [version]: '2.0' }

export const examples: Examples = {
  broken: [
    { title: 'the version of the base image', annotations, settings: { Labels: { [version]: '13' } } },
  ],
  kept: [{ title: 'the same version', annotations, settings: { Labels: { [version]: '2.0' } } }],
}
