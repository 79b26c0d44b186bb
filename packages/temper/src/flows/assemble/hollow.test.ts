import { describe, expect, it } from 'vitest'
import {
  lockedPackage,
  packageContent,
  type SamplePackage,
  sampleDistro,
  sampleRecipe,
} from '../../assemble/fixtures/sample.ts'
import { planImage } from '../../assemble/plan.ts'
import type { Relaxation } from '../../model/recipe.ts'
import { hardeningWith } from '../../rules/hardening/strip.ts'
import { refuseHollow } from './hollow.ts'

const program = (path: string) => [path, 'ELF', { mode: 0o755 }] as const

function refuse(sample: SamplePackage, wantedBy = 'recipe', allow: readonly Relaxation[] = []): void {
  const plan = planImage({
    recipe: sampleRecipe({ hardening: { allow } }),
    architecture: 'amd64',
    packages: [{ package: { ...lockedPackage(sample), wantedBy }, content: packageContent(sample) }],
    files: [],
    distro: sampleDistro(),
    hardening: hardeningWith(allow),
  })
  refuseHollow(plan)
}

describe('a package that was asked for', () => {
  it.each<[string, SamplePackage, string, string]>([
    [
      'whose only program goes',
      { name: 'dash', files: [program('bin/dash'), 'bin/sh -> dash'] },
      '/usr/bin/dash',
      'shell',
    ],
    [
      'whose own program goes',
      { name: 'bash', files: [program('bin/bash'), program('usr/bin/clear_console')] },
      '/usr/bin/bash',
      'shell',
    ],
    [
      'all of whose programs go',
      { name: 'python3-pip', files: [program('usr/bin/pip3'), program('usr/bin/pip')] },
      '/usr/bin/pip3',
      'package-manager',
    ],
  ])('%s is refused with the line that lets it in', (_, sample, path, rule) => {
    expect(() => refuse(sample)).toThrow(
      expect.objectContaining({
        code: 'not-hardened',
        message: expect.stringContaining(`${sample.name}: ${path}`),
        hint: expect.stringContaining(`hardening.allow: [{ rule: ${rule}, why: … }]`),
        details: { packages: [expect.objectContaining({ name: sample.name })] },
      }),
    )
    refuse(sample, 'nginx')
    refuse(sample, 'recipe', [{ rule: rule as Relaxation['rule'], why: 'needed' }])
  })

  it.each<[string, SamplePackage]>([
    ['keeps what it is for', { name: 'openjdk', files: [program('usr/bin/java'), program('usr/bin/javac')] }],
    ['has no programs', { name: 'libc6', files: ['usr/lib/libc.so.6'] }],
    ['loses only documentation', { name: 'tool', files: ['usr/share/doc/tool/README'] }],
  ])('is fine when it %s', (_, sample) => {
    refuse(sample)
  })
})
