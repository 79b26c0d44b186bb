import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apply } from './fixtures/packages.ts'

/** Files that packages bring: programs that do the same, and what belongs to each. */
const files: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['usr/bin/tool-a', 'usr/bin/tool-b', 'usr/bin/tool-c', 'usr/bin/other-a', 'usr/bin/real'],
    ...['usr/share/tool/a.conf', 'usr/share/tool/b.conf', 'usr/share/tool/a.data', 'usr/share/tool/c.data'],
  ].map((path) => [path, path]),
)

const priorities = { a: 10, b: 20, c: 30 } as const

function install(which: keyof typeof priorities, slaves: readonly ('conf' | 'data')[], more = 0): string {
  const belonging = slaves.map(
    (kind) => ` --slave /usr/share/tool/default.${kind} tool.${kind} /usr/share/tool/${which}.${kind}`,
  )
  return `--install /usr/bin/tool tool /usr/bin/tool-${which} ${priorities[which] + more}${belonging.join('')}`
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom('a', 'b', 'c'),
        fc.subarray(['conf', 'data'] as const),
        fc.constantFrom(0, 0, 25),
      )
      .map(([which, slaves, more]) => install(which, slaves, which === 'b' ? more : 0)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '--remove tool /usr/bin/tool-b',
      '--remove tool /usr/bin/tool-c',
      '--remove tool /usr/bin/never',
      '--remove-all tool',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '--auto tool',
      '--install /usr/bin/other other /usr/bin/other-a 5',
      '--set tool /usr/bin/tool-a',
    ),
  },
)

/** Links by their paths. */
type Links = Readonly<Record<string, string>>

const hasProgram = spawnSync('update-alternatives', ['--version']).status === 0

describe.skipIf(!hasProgram)('alternatives, as update-alternatives leaves them', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-alternatives-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  function real(steps: readonly string[]): Links {
    const root = mkdtempSync(join(home, 'root-'))
    for (const path of [
      ...Object.keys(files),
      'etc/alternatives/README',
      'var/lib/dpkg/alternatives/.keep',
      'var/log/.keep',
    ]) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      writeFileSync(join(root, path), '')
    }
    for (const words of steps)
      spawnSync('update-alternatives', [
        '--root',
        root,
        '--quiet',

        ...words.split(' '),
      ])
    return linksBelow(root, ['usr/bin', 'usr/share/tool', 'etc/alternatives'])
  }

  function linksBelow(root: string, folders: readonly string[]): Links {
    const paths = folders.flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    )
    const links = paths.filter((path) => lstatSync(join(root, path)).isSymbolicLink())
    return Object.fromEntries(links.sort().map((path) => [path, readlinkSync(join(root, path))]))
  }

  /** Whether all is modelled, and which links there are. */
  function modelled(steps: readonly string[]): {
    readonly reports: readonly string[]
    readonly links: Links
  } {
    const postinst = steps.map((words) => `update-alternatives --quiet ${words} || true`).join('\n')
    const { changes, reports } = apply([{ name: 'tools', files, postinst }])
    const links = changes.flatMap((change): (readonly [string, string])[] =>
      change.kind === 'put' &&
      change.entry.type === 'symlink' &&
      /tool|other|alternatives/.test(change.entry.path)
        ? [[change.entry.path, change.entry.target ?? '']]
        : [],
    )
    return { reports, links: Object.fromEntries(links.sort()) }
  }

  it.each<[string, readonly string[]]>([
    ['one', [install('a', [])]],
    ['the highest priority', [install('b', []), install('c', []), install('a', [])]],
    ['what belongs to it', [install('a', ['conf', 'data'])]],
    ['what belongs to it only when it is there', [install('b', ['conf', 'data'])]],
    [
      'nothing that belonged to one that was chosen before',
      [install('a', ['conf', 'data']), install('b', ['conf'])],
    ],
    ['a new priority of one', [install('c', []), install('b', [], 25)]],
    ['other companions of one', [install('a', ['conf']), install('a', ['data'])]],
    [
      'the next one when the best is removed',
      [install('a', ['conf']), install('b', []), '--remove tool /usr/bin/tool-b'],
    ],
    ['nothing when all are removed', [install('a', ['conf']), '--remove-all tool']],
    ['nothing when the last is removed', [install('b', ['conf']), '--remove tool /usr/bin/tool-b']],
    [
      'what was set, whatever comes',
      [install('a', []), install('b', []), '--set tool /usr/bin/tool-a', install('c', [])],
    ],
    [
      'the best again after auto',
      [install('a', []), install('b', []), '--set tool /usr/bin/tool-a', '--auto tool'],
    ],
    [
      'the best when what was set is removed',
      [install('a', []), install('b', []), '--set tool /usr/bin/tool-a', '--remove tool /usr/bin/tool-a'],
    ],
    ['several names', [install('a', []), '--install /usr/bin/other other /usr/bin/other-a 5']],
    ['no file that is there', ['--install /usr/bin/real real /usr/bin/other-a 5']],
  ])('are %s', (_title, steps) => {
    expect(modelled(steps)).toEqual({ reports: [], links: real(steps) })
  })

  it('are the same whatever is asked for', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        expect(modelled(steps)).toEqual({ reports: [], links: real(steps) })
      }),
      { numRuns: 25, seed: 8 },
    )
  })

  it('are listed, queried and told where they are', () => {
    const asked = (words: string, steps: readonly string[] = [install('a', ['conf']), install('b', [])]) => {
      const script = `${steps.map((each) => `update-alternatives ${each}`).join('\n')}\nupdate-alternatives ${words} > /out; echo $? > /status`
      const { at, reports } = apply([{ name: 'tools', files, postinst: script }])
      return [
        at('out')?.slice('file 644 0:0 '.length),
        at('status')?.slice('file 644 0:0 '.length),
        ...reports,
      ]
    }
    expect(asked('--list tool')).toEqual(['/usr/bin/tool-a\n/usr/bin/tool-b\n', '0\n'])
    expect(asked('--list none')[1]).toBe('2\n')
    expect(asked('--query none')[1]).toBe('2\n')
  })
})
