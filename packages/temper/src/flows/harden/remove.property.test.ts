import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import type { SystemPackage } from '../../model/package/installed.ts'
import { baseSystem, buildRoot, type FixtureNode } from '../../model/tree/fixtures/fixture-root.ts'
import { proveClosed } from '../../tree/proof/prove.ts'
import type { BaseImage } from './base-image.ts'
import { candidatesIn } from './candidates.ts'
import { neededBy, ownPrograms } from './needed.ts'
import { ownersIn } from './owners.ts'
import { removeUnneeded } from './remove.ts'
import { runtimeRecipe, startedBy } from './runtime.ts'

/* Images put together at random: programs that load libraries and start each other, scripts, links, packages. */

const loader = glibcLoader('amd64', 'lib/x86_64-linux-gnu')
const one = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const libraries = 'usr/lib/x86_64-linux-gnu'

/** Tools that have no place in a hardened image, and programs that have. */
const programs = [
  'usr/bin/dash',
  'usr/bin/gcc-12',
  'usr/bin/apt-get',
  'usr/bin/server',
  'usr/bin/perl',
  'usr/local/bin/own',
] as const
const shared = ['liba.so.1', 'libb.so.2', 'libonlygcc.so.1'] as const

interface Program {
  readonly needed: readonly string[]
  readonly script: string | undefined
  readonly asksForShell: true | undefined
}

const program: fc.Arbitrary<Program> = fc.record({
  needed: fc.subarray([...shared]),
  script: fc.option(one('/bin/sh', '/usr/bin/perl', '/usr/bin/env', '/usr/bin/none'), {
    nil: undefined,
    freq: 3,
  }),
  asksForShell: one<true | undefined>(undefined, undefined, undefined, true),
})

const image = fc.record({
  there: fc.subarray([...programs], { minLength: 2 }),
  is: fc.tuple(program, program, program, program, program, program),
  libraries: fc.subarray([...shared], { minLength: 1 }),
  needs: fc.subarray([...shared], { maxLength: 1 }),
  links: fc.dictionary(
    one('bin/sh', 'usr/bin/alias', 'etc/alternatives/editor', 'usr/bin/cc'),
    one('dash', '/usr/bin/dash', 'gcc-12', '/usr/bin/none', 'server'),
    { maxKeys: 3 },
  ),
  papers: fc.subarray([
    'usr/share/doc/dash/copyright',
    'usr/share/man/man1/dash.1.gz',
    'var/cache/x',
    'var/log/apt.log',
    'usr/share/locale/de/LC_MESSAGES/a.mo',
  ]),
  owned: fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
  entrypoint: one<readonly string[]>(
    ['/usr/bin/server'],
    ['server', '-x'],
    ['/usr/local/bin/own'],
    ['sh', '-c', 'exec server'],
    ['/usr/bin/perl', '/usr/bin/server'],
    [],
  ),
})

type Image = typeof image extends fc.Arbitrary<infer Value> ? Value : never

function built({ there, is, links, papers, owned, entrypoint, ...made }: Image) {
  const files: Record<string, FixtureNode | string> = { ...baseSystem }
  for (const [index, path] of there.entries()) {
    const { needed, script, asksForShell } = is[index % is.length] as Program
    files[path] =
      script === undefined
        ? {
            mode: 0o755,
            elf: {
              kind: 'executable',
              interpreter: '/lib64/ld-linux-x86-64.so.2',
              needed: ['libc.so.6', ...needed],
              ...(asksForShell === undefined ? {} : { asksForShell }),
            },
          }
        : { mode: 0o755, shebang: script === '/usr/bin/env' ? [script, 'perl'] : [script] }
  }
  for (const name of made.libraries)
    files[`${libraries}/${name}`] = {
      elf: { soname: name, needed: made.needs.filter((each) => each !== name) },
    }
  for (const [path, target] of Object.entries(links)) {
    // "bin" is a link to usr/bin.
    const at = path.replace(/^bin\//, 'usr/bin/')
    if (files[at] === undefined) files[at] = target
  }
  for (const path of papers) files[path] = { content: path }
  const root = buildRoot(files)
  // Whose each file is: of one of three packages, or nobody's.
  const lists = new Map<number, string[]>()
  for (const { path, type } of root.nodes()) {
    if (type === 'directory' || baseSystem[path] !== undefined) continue
    const owner = path.startsWith('usr/local/') ? 0 : owned.next().value
    if (owner > 0) lists.set(owner, [...(lists.get(owner) ?? []), path])
  }
  const packages = [...lists].map(
    ([number, paths]) =>
      ({
        package: { name: `package-${number}`, version: '1', architecture: 'amd64' },
        files: paths,
        conffiles: new Map(),
        own: undefined,
      }) as unknown as SystemPackage,
  )
  const recipe = runtimeRecipe(
    {
      architecture: 'amd64',
      os: 'linux',
      config: { Entrypoint: [...entrypoint], Env: ['PATH=/usr/local/bin:/usr/bin:/bin'] },
    } as never,
    [],
  )
  const base = {
    image: { config: { config: {} } },
    foreign: { distro: { loader: { amd64: loader } } },
    architecture: 'amd64',
  } as unknown as BaseImage
  const started = startedBy(root, base, recipe)
  if (started === undefined) throw new Error('there is a loader')
  const isDatabase = () => false
  const owners = ownersIn(root, packages)
  const candidates = candidatesIn(root, { recipe, owners, isDatabase })
  const texts = new Map<string, string>()
  const kept = neededBy(ownPrograms(root, started, { owners, isDatabase }), {
    root,
    candidates,
    started,
    texts,
    loader,
  })
  const removal = removeUnneeded({
    root,
    candidates,
    kept,
    owners,
    recipe,
    loader,
    isDatabase,
    packages,
    started: new Set(started.files.keys()),
  })
  return { root, recipe, started, owners, candidates, kept, packages, removal }
}

const needsOf = (root: Parameters<typeof proveClosed>[0], recipe: ReturnType<typeof built>['recipe']) =>
  proveClosed(root, { recipe, loader }).violations.map(
    ({ rule, subject, need }) => `${rule} ${subject} ${need}`,
  )

describe('taking things out of an image', () => {
  it('leaves nothing without what it needs that had it before', () => {
    fc.assert(
      fc.property(image, (made) => {
        const { root, recipe, removal } = built(made)
        const before = new Set(needsOf(root, recipe))
        expect(needsOf(removal.root, recipe).filter((need) => !before.has(need))).toEqual([])
      }),
      { numRuns: 50, seed: 51 },
    )
  })

  it('takes what rules name, and what packages brought for it: never what is somebody’s own, started or kept', () => {
    let all = 0
    fc.assert(
      fc.property(image, (made) => {
        const { root, started, owners, candidates, kept, removal } = built(made)
        for (const path of removal.removed.keys()) {
          all++
          const isAlternative =
            /^etc\/alternatives\//.test(path) ||
            (root.get(path)?.target ?? '').startsWith('/etc/alternatives/')
          const mayGo = candidates.has(path) || owners.of(path) !== undefined || isAlternative
          expect({ path, mayGo }).toEqual({ path, mayGo: true })
          expect({ path, isStarted: started.files.has(path), why: kept.get(path) }).toEqual({
            path,
            isStarted: false,
            why: undefined,
          })
        }
        const gone = [...root.nodes()].filter(
          ({ path, type }) => type !== 'directory' && removal.root.get(path) === undefined,
        )
        // Everything that is gone is told.
        expect(gone.map(({ path }) => path).filter((path) => !removal.removed.has(path))).toEqual([])
        for (const path of kept.keys())
          expect({ path, there: removal.root.get(path) !== undefined }).toEqual({
            path,
            there: root.get(path) !== undefined,
          })
      }),
      { numRuns: 50, seed: 52 },
    )
    expect(all).toBeGreaterThan(60)
  })

  it('calls a package gone of which nothing is left, and no other', () => {
    fc.assert(
      fc.property(image, (made) => {
        const { root, packages, owners, removal } = built(made)
        for (const installed of packages) {
          const files = owners.paths(installed).filter((path) => root.get(path) !== undefined)
          const left = files.filter((path) => removal.root.get(path) !== undefined)
          if (removal.dropped.has(installed)) expect(left).toEqual([])
          else if (left.length === 0)
            // What loses nothing but its papers is still there.
            expect(files.every((path) => removal.removed.get(path) === 'documentation')).toBe(true)
        }
      }),
      { numRuns: 50, seed: 53 },
    )
  })

  it('comes to the same once more: what is left has nothing further to lose', () => {
    fc.assert(
      fc.property(image, (made) => {
        const { recipe, owners, started, kept, removal, packages } = built(made)
        const again = removeUnneeded({
          root: removal.root,
          recipe,
          loader,
          owners,
          packages: packages.filter((each) => !removal.dropped.has(each)),
          candidates: candidatesIn(removal.root, { recipe, owners, isDatabase: () => false }),
          kept: new Map(kept),
          isDatabase: () => false,
          started: new Set(started.files.keys()),
        })
        expect([...again.removed.keys()]).toEqual([])
      }),
      { numRuns: 50, seed: 54 },
    )
  })
})
