import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import { buildRoot } from '../../model/tree/fixtures/fixture-root.ts'
import { configurationLines, readConfiguration, readConfigurations, requirePlugin } from './plugin.ts'
import type { ProofSubject } from './subject.ts'

function subjectOf(files: Parameters<typeof buildRoot>[0]): ProofSubject {
  const root = buildRoot(files)
  return {
    root,
    nodes: [...root.nodes()],
    loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
    recipe: { entrypoint: [], cmd: [], environment: {}, workDir: '/', volumes: [], tests: [] },
    path: [],
    read: ({ content }) => content && new TextDecoder().decode(content),
    whoHas: (file) => (file === '/usr/lib/mod.so' ? 'mod-package' : undefined),
  }
}

/** What a generator yields, and what it returns. */
function run<Yielded, Result>(generator: Generator<Yielded, Result>): readonly [Yielded[], Result] {
  const yielded: Yielded[] = []
  for (;;) {
    const next = generator.next()
    if (next.done) return [yielded, next.value]
    yielded.push(next.value)
  }
}

describe('configuration', () => {
  const subject = subjectOf({
    'etc/app/b.conf': { content: 'b' },
    'etc/app/a.conf': { content: 'a' },
    'etc/app/c.conf.bak': { content: 'c' },
    'etc/app/folder.conf': { type: 'directory' },
    'etc/app/unread.conf': {},
    'etc/link': 'app',
    'etc/main': 'app/a.conf',
  })

  it('is read where links lead', () => {
    const [holes, configuration] = run(readConfiguration(subject, '/etc/main'))
    expect([holes, configuration?.node.path, configuration?.text]).toEqual([[], 'etc/app/a.conf', 'a'])
  })

  it('that is not there says nothing', () => {
    expect(run(readConfiguration(subject, '/etc/none'))).toEqual([[], undefined])
    expect(run(readConfigurations(subject, '/etc/none', '.conf'))).toEqual([[], []])
    expect(run(readConfigurations(subject, '/etc/main', '.conf'))).toEqual([[], []])
  })

  it('that nobody kept is a hole', () => {
    const [holes, configuration] = run(readConfiguration(subject, '/etc/app/unread.conf'))
    expect(configuration).toBeUndefined()
    expect(holes).toMatchObject([
      { kind: 'plugin', need: 'its content', place: { path: '/etc/app/unread.conf' } },
    ])
  })

  it('of a folder is every file with the ending, in order', () => {
    const [holes, configurations] = run(readConfigurations(subject, '/etc/link', '.conf'))
    expect(configurations.map(({ text }) => text)).toEqual(['a', 'b'])
    expect(holes).toHaveLength(1)
  })

  it('has lines without comments and blanks', () => {
    expect(configurationLines('a # b\n\n  # c\n\td\t\n')).toEqual(['a', 'd'])
    expect(configurationLines('a ; b\n# c', /;.*/)).toEqual(['a', '# c'])
    expect(configurationLines('# a\r\nb # c\r\n')).toEqual(['b'])
  })
})

describe('a plug-in that is named', () => {
  const subject = subjectOf({
    'etc/conf': { content: 'mod' },
    'opt/mod.so': {},
    'usr/lib/link.so': '/opt/mod.so',
  })
  const node = subject.nodes.find(({ path }) => path === 'etc/conf')
  const holes = (...candidates: string[]) =>
    node === undefined ? [] : [...requirePlugin(subject, { node, name: 'mod', candidates })]

  it('is one of the candidates', () => {
    expect(holes('/opt/mod.so')).toEqual([])
    expect(holes('/none', 'usr/lib/link.so')).toEqual([])
  })

  it('is a hole, with the package that has it', () => {
    expect(holes('usr/lib/mod.so', '/other')).toMatchObject([
      {
        place: { path: '/etc/conf' },
        need: '/usr/lib/mod.so',
        provider: 'mod-package',
        remedy: 'add the package mod-package, which has it',
      },
    ])
    expect(holes('/opt')).toHaveLength(1)
  })
})
