import { expect, it } from 'vitest'
import {
  lockedPackage,
  packageContent,
  type SamplePackage,
  sampleDistro,
  sampleRecipe,
} from '../../assemble/fixtures/sample.ts'
import { planImage } from '../../assemble/plan.ts'
import { hardeningWith } from '../../rules/hardening/strip.ts'
import { droppedRelaxations, scriptsLost } from './without.ts'

const script = (name: string) => [`usr/bin/${name}`, '#!/usr/bin/perl', { mode: 0o755 }] as const
const web: SamplePackage = {
  name: 'web',
  own: { depends: 'perl' },
  files: [...['a', 'b', 'c', 'd'].map(script), 'usr/share/web/page'],
}
const distro = {
  ...sampleDistro(),
  interpreterPackage: (path: string) => (path.endsWith('/perl') ? { name: 'perl', shell: false } : undefined),
}

function planned(without: readonly string[], samples: readonly SamplePackage[] = [web]) {
  const recipe = sampleRecipe({ contents: { ...sampleRecipe().contents, without } })
  const plan = planImage({
    recipe,
    architecture: 'amd64',
    files: [],
    distro,
    hardening: hardeningWith([]),
    packages: samples.map((sample) => ({ package: lockedPackage(sample), content: packageContent(sample) })),
  })
  return { plan, about: { recipe, distro } }
}

it('records the dependencies that an image does not meet, and tells the scripts that go', () => {
  const { plan, about } = planned(['perl'])
  expect(droppedRelaxations(plan, about)).toEqual([
    { rule: 'dependency', why: 'web depends on perl, which contents.without leaves out' },
  ])
  expect(scriptsLost(plan, about)).toEqual([
    'web loses /usr/bin/a, /usr/bin/b, /usr/bin/c and 1 more: contents.without leaves out the program that runs them',
  ])
})

it('says nothing of what nothing depends on, and of scripts that have something else to run them', () => {
  const { plan, about } = planned(['ruby'])
  expect([droppedRelaxations(plan, about), scriptsLost(plan, about)]).toEqual([[], []])
  const perl = { name: 'own', files: [['usr/bin/perl', 'ELF', { mode: 0o755 }] as const] }
  const both = planned(['perl'], [web, perl])
  expect(scriptsLost(both.plan, both.about)).toEqual([])
})
