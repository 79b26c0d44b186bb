import { expect, it } from 'vitest'
import type { TestOutcome } from '../../flows/test/test.ts'
import type { Style } from '../style.ts'
import { testText } from './test.ts'

const plain = (given: string) => given
const style: Style = { finished: plain, bold: plain, dim: plain, good: plain, warn: plain, bad: plain }
const effect = { package: 'web', script: 'postinst', line: 7, command: 'make-web --all' } as const

function text(passed: boolean, effects: readonly object[]): string {
  const build = {
    reference: 'oci:out/web:latest',
    digest: 'sha256:00',
    platforms: [{ platform: 'linux/amd64', unmodelledEffects: effects }],
  }
  const results = [{ name: 'it answers', passed, ...(passed ? {} : { reason: 'expected status 200' }) }]
  const outcome = { build, platform: 'linux/amd64', runtime: 'runc', results } as unknown as TestOutcome
  return testText(outcome, { target: 'web', milliseconds: 1000, style })
}

it('tells what maintainer scripts would have done when a test fails', () => {
  expect(text(false, [effect])).toContain('    web postinst:7: make-web --all\n')
  expect(text(true, [effect])).not.toContain('make-web')
  expect(text(false, [])).not.toContain('Maintainer scripts')
})

it('tells no more of it than a person reads', () => {
  const many = Array.from({ length: 14 }, (_, i) => ({ ...effect, line: i }))
  expect(text(false, many)).toContain('    and 4 more\n')
  expect(text(false, many)).not.toContain('postinst:11:')
})
