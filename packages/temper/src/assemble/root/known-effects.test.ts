import { describe, expect, it } from 'vitest'
import type { Distro, EffectOutcome, EffectPackage } from '../../model/distro.ts'
import type { RootNode } from '../../model/root.ts'
import { Rootfs } from '../../model/tree/rootfs.ts'
import { sampleDistro } from '../fixtures/sample.ts'
import { type EffectSubject, effectsOn } from './known-effects.ts'

const { release } = sampleDistro()

interface Sample {
  readonly version?: string
  readonly own?: object
  readonly captured?: Readonly<Record<string, string>>
  readonly size?: number
  readonly mtime?: number
  readonly mode?: number
  readonly more?: readonly string[]
  readonly owner?: string
}

function subject({ version = '1', own = {}, captured = {}, owner, ...node }: Sample = {}): EffectSubject {
  const { size = 5, mtime = 7, mode = 0o644, more = [] } = node
  const root = new Rootfs()
  for (const path of ['etc/tool.conf', ...more]) {
    const attributes = { type: 'file', uid: 0, gid: 0, mode, size, mtime } as const
    root.put({ ...attributes, path, origin: { kind: 'package', package: 'tool', path } })
  }
  const entry = { path: 'etc/tool.conf', uid: 0, gid: 0, ...(owner === undefined ? {} : { userName: owner }) }
  const tool = { name: 'tool', version, architecture: 'amd64' }
  const packages: EffectPackage[] = [
    { package: tool, content: { own, captured, entries: [entry] }, kept: true },
  ]
  const accounts = { runAs: 'root', users: [], groups: [] }
  return { packages, root, options: { accounts, architecture: 'amd64', release } }
}

const nothing: EffectOutcome = { changes: [], applied: [], unmodelled: [] }

/** Effects that do as `look` does, which is told what it may look at; and how often they were asked. */
function effects(
  look: (installed: EffectPackage, node: Pick<RootNode, 'size' | 'mtime'> | undefined) => unknown,
) {
  const asked = { times: 0 }
  const distro: Pick<Distro, 'applyEffects'> = {
    applyEffects: ([installed], root) => {
      asked.times++
      if (installed !== undefined) look(installed, root.get('etc/tool.conf'))
      return nothing
    },
  }
  return { asked, distro }
}

const scripts = (postinst: string) => ({ own: { scripts: { postinst }, control: { Version: '1' } } })
const scriptOf = ({ content }: EffectPackage) =>
  (content.own as { scripts: Record<string, string | undefined> }).scripts['postinst']

describe('effectsOn', () => {
  it.each<[string, Sample, Sample, Parameters<typeof effects>[0]]>([
    ['a version', {}, { version: '2' }, () => 0],
    ['a size', {}, { size: 6 }, () => 0],
    ['a control file beside the script', scripts('x'), { own: { scripts: { postinst: 'x' } } }, scriptOf],
    [
      'another kept content',
      { captured: { a: 'MQ==' } },
      { captured: { a: 'MQ==', b: '' } },
      (installed) => installed.content.captured['a'],
    ],
    ['a time, where the size is looked at', {}, { mtime: 8 }, (_, node) => node?.size],
  ])('is not asked again when %s changes that nothing looked at', (_, before, after, look) => {
    const { asked, distro } = effects(look)
    const known = effectsOn(subject(before), distro)
    expect(effectsOn(subject(after), distro, known)).toBe(known)
    expect(asked.times).toBe(1)
  })

  it.each<[string, Sample, Sample, Parameters<typeof effects>[0]]>([
    ['a version', {}, { version: '2' }, (installed) => installed.package.version],
    ['a size', {}, { size: 6 }, (_, node) => node?.size],
    ['a time', {}, { mtime: 8 }, (_, node) => node?.mtime],
    ['a script', scripts('x'), scripts('y'), scriptOf],
    ['a script that was not there', { own: { scripts: {} } }, scripts('y'), scriptOf],
    ['a script that is gone', scripts('x'), { own: { scripts: {} } }, scriptOf],
    [
      'a member of all',
      { own: { a: 1 } },
      { own: { a: 1, b: 2 } },
      (installed) => Object.keys(installed.content.own as object),
    ],
    [
      'a list',
      { own: { list: ['a'] } },
      { own: { list: ['a', 'b'] } },
      (installed) => (installed.content.own as { list: string[] }).list[0],
    ],
    [
      'a kept content',
      { captured: { a: 'MQ==' } },
      { captured: { a: 'Mg==' } },
      (installed) => installed.content.captured['a'],
    ],
    [
      'what is asked for by name',
      {},
      { captured: { a: 'Mg==' } },
      (installed) => Object.hasOwn(installed.content.captured, 'a'),
    ],
    ['a mode', {}, { mode: 0o600 }, () => 0],
    ['a path', {}, { more: ['etc/other'] }, () => 0],
    ['an owner', {}, { owner: 'daemon' }, () => 0],
  ])('is asked again when %s changes', (_, before, after, look) => {
    const { asked, distro } = effects(look)
    const known = effectsOn(subject(before), distro)
    expect(effectsOn(subject(before), distro, known)).toBe(known)
    expect(effectsOn(subject(after), distro, known)).not.toBe(known)
    expect(asked.times).toBe(2)
  })

  it('shows effects what is there', () => {
    const seen: unknown[] = []
    const { distro } = effects((installed, node) => {
      const { constructor: inherited, ...captured } = installed.content.captured
      seen.push(
        JSON.parse(JSON.stringify(installed)),
        JSON.parse(JSON.stringify(node)),
        captured,
        typeof inherited,
      )
    })
    const sample = subject({ ...scripts('x'), captured: { a: 'MQ==' } })
    effectsOn(sample, distro)
    const [only] = sample.packages
    const { path, ...rest } = sample.root.get('etc/tool.conf') as RootNode
    expect(seen).toEqual([only, { path, ...rest }, { a: 'MQ==' }, 'function'])
  })
})
