import type { ImageFacts } from './facts/facts.ts'
import type { Policy } from './file/policy.ts'
import { sampleResult } from './gate/sample.ts'

/** Facts of a secure image with one finding of the gate's sample. */
export function sampleFacts(over: Partial<ImageFacts> = {}): ImageFacts {
  return {
    image: {
      reference: 'registry.example/team/web:1',
      repository: 'registry.example/team/web',
      digest: `sha256:${'1'.repeat(64)}`,
      platform: 'linux/amd64',
      size: 1000,
      layers: 1,
      created: '2026-02-01T00:00:00Z',
      user: '65532',
      entrypoint: ['/usr/bin/web'],
      cmd: [],
      workdir: '/',
      stopSignal: '',
      env: { PATH: '/usr/bin' },
      ports: ['8080/tcp'],
      volumes: [],
      labels: {},
      annotations: {},
    },
    violations: [],
    judged: new Set(['setuid', 'shell']),
    unjudgedRules: [],
    tier: 'secure',
    aspects: {},
    scan: sampleResult(),
    evidence: [],
    unjudged: {},
    ...over,
  }
}

/** A policy that asks for nothing. */
export function samplePolicy(over: Partial<Policy> = {}): Policy {
  return {
    name: 'sample',
    description: '',
    extends: [],
    images: [],
    otherRules: 'off',
    rules: new Map(),
    vulnerabilities: {},
    evidence: new Map(),
    ownRules: [],
    exceptions: [],
    examples: [],
    ...over,
  }
}
