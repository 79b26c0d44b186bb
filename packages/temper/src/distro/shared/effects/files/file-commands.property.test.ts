import { spawnSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildRoot } from '../../../../model/tree/fixtures/fixture-root.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { Stage } from '../stage.ts'
import { literalCommands } from './literal-commands.ts'

/** What there is to begin with: folders end with a slash, links have an arrow. */
const start: readonly (readonly [path: string, what: string, mode?: number])[] = [
  ['dir/', ''],
  ['dir/file', 'one\n'],
  ['dir/secret', 'two\n', 0o600],
  ['dir/sub/', '', 0o750],
  ['dir/sub/deep', 'deep\n', 0o755],
  ['empty/', ''],
  ['file', 'three\n'],
  ['link', '→dir'],
  ['flink', '→dir/file'],
  ['dangling', '→none'],
  ['chain', '→empty/../step'],
  ['step', '→empty/made'],
  ['circle', '→circle'],
]

type Line = readonly string[]

/** `path → kind mode text` of all there is, sorted. */
type Listing = Readonly<Record<string, string>>

interface Outcome {
  /** Of each command; undefined from where on it is not known. */
  readonly statuses: readonly (number | undefined)[]
  readonly listing: Listing
  /** What the program says that failed. */
  readonly complaint?: string
}

function modelled(lines: readonly Line[]): Outcome {
  const stage = new Stage(buildRoot({}), () => undefined)
  stage.put({ path: 'r', type: 'directory', mode: 0o755 })
  for (const [name, what, mode] of start) {
    const path = `r/${name.replace(/\/$/, '')}`
    if (name.endsWith('/')) stage.put({ path, type: 'directory', mode: mode ?? 0o755 })
    else if (what.startsWith('→')) stage.put({ path, type: 'symlink', mode: 0o777, target: what.slice(1) })
    else stage.put({ path, type: 'file', mode: mode ?? 0o644, content: Buffer.from(what) })
  }
  const accounts = { findUser: () => undefined, findGroup: () => undefined }
  const context = { stage, accounts, note: () => {} } as unknown as EffectContext
  const { commands } = literalCommands().start(context)
  const statuses: (number | undefined)[] = []
  for (const line of lines) {
    const words = line.map((word) => word.replaceAll('@', '/r'))
    const [name = ''] = words
    const call = { words, arguments: words.slice(1), certain: true, umask: 0o022, input: '' }
    const result = commands?.[name]?.(call as unknown as CommandCall)
    statuses.push(result?.status)
    if (result?.status === undefined) break
  }
  const nodes = [...stage.nodes()].filter(({ path }) => path.startsWith('r/'))
  const listing = nodes.map(({ path, type, mode, target, content }) => {
    const bits = mode.toString(8)
    const text =
      type === 'symlink' ? `→${target}` : type === 'file' ? `${bits} ${Buffer.from(content ?? [])}` : bits
    return [path.slice(2), `${type} ${text}`] as const
  })
  return { statuses, listing: Object.fromEntries(listing.sort()) }
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/** What the programs themselves do, each list of commands in a folder of its own. */
function real(runs: readonly (readonly Line[])[], home: string): readonly Outcome[] {
  const folder = mkdtempSync(join(home, 'run-'))
  const setUp = start.map(([name, what, mode]) => {
    const path = quoted(name.replace(/\/$/, ''))
    const bits = mode === undefined ? '' : `; chmod ${mode.toString(8)} ${path}`
    if (name.endsWith('/')) return `mkdir ${path}${bits}`
    return what.startsWith('→')
      ? `ln -s ${quoted(what.slice(1))} ${path}`
      : `printf %s ${quoted(what)} > ${path}${bits}`
  })
  const script = runs.map((lines, index) => {
    const at = `${folder}/${index}`
    // As in a script that ends with the first mistake.
    const commands = lines.map((line) => {
      const words = line.map((word) => quoted(word.replaceAll('@', at)))
      return `${words.join(' ')} 2>../error && echo 0`
    })
    return `cp -a ${folder}/start ${at}; cd ${at}; { ${commands.join(' && ')}; } || { echo 1; cat ../error >&2; }\necho --; printf '\\0' >&2`
  })
  const { stdout, stderr, status } = spawnSync('sh', [], {
    input: `umask 022; mkdir ${folder}/start; cd ${folder}/start; ${setUp.join('; ')}\n${script.join('\n')}`,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  if (status !== 0) throw new Error(`sh ended with ${status}`)
  return stdout
    .split('--\n')
    .slice(0, -1)
    .map((text, index) => ({
      statuses: text.split('\n').slice(0, -1).map(Number),
      listing: listed(`${folder}/${index}`),
      complaint: stderr.split('\0')[index] ?? '',
    }))
}

function listed(folder: string): Listing {
  const entries: (readonly [string, string])[] = []
  const walk = (below: string) => {
    for (const each of readdirSync(join(folder, below), { withFileTypes: true })) {
      const name = join(below, each.name)
      const path = join(folder, name)
      const mode = (lstatSync(path).mode & 0o7777).toString(8)
      if (each.isSymbolicLink())
        entries.push([name, `symlink →${readlinkSync(path).replaceAll(folder, '/r')}`])
      else if (each.isDirectory()) entries.push([name, `directory ${mode}`])
      else entries.push([name, `file ${mode} ${readFileSync(path, 'utf8')}`])
      if (each.isDirectory()) walk(name)
    }
  }
  walk('')
  return Object.fromEntries(entries.sort())
}

/** Where both say something, they say the same; after a status that is not known nothing is claimed. */
function difference(ours: Outcome, theirs: Outcome): unknown {
  const known = ours.statuses.indexOf(undefined)
  const compared = known < 0 ? ours.statuses.length : known
  const success = (statuses: Outcome['statuses']) => statuses.slice(0, compared).map((status) => status === 0)
  if (success(ours.statuses).join() !== success(theirs.statuses).join())
    return { ours: ours.statuses, theirs: theirs.statuses }
  if (known >= 0) return undefined
  const paths = [...new Set([...Object.keys(ours.listing), ...Object.keys(theirs.listing)])]
  const path = paths.find((each) => ours.listing[each] !== theirs.listing[each])
  return path === undefined ? undefined : { path, ours: ours.listing[path], theirs: theirs.listing[path] }
}

const single: readonly string[] = [
  'mkdir @/new',
  'mkdir @/dir',
  'mkdir -p @/none/new',
  'mkdir -p @/dir',
  'mkdir -m 700 @/new',
  'mkdir -p -m 700 @/none/new',
  'mkdir -p @/file',
  'mkdir -p @/file/x',
  'mkdir @/link/new',
  'mkdir -p @/dangling',
  'mkdir @/a @/b @/dir @/c',
  'mkdir -m u=rwx,go= @/new',
  'mkdir -m 2755 @/new',
  'mkdir -p @/link/x/y',
  'mkdir --mode=711 @/new',
  'mkdir -pm 711 @/new',
  'mkdir @/dangling',
  'install -d @/new',
  'install -d -m 700 @/dir',
  'install -d -m 700 @/x/y',
  'install @/file @/new',
  'install -m 600 @/file @/dir',
  'install -m 4755 @/file @/new',
  'install -D @/file @/x/y/z',
  'install -t @/dir @/file',
  'install @/none @/x',
  'install @/file @/flink',
  'install -d @/file',
  'install -d @/a @/b/c',
  'install -m 600 /dev/null @/new',
  'install -m 644 @/dir/file @/dir/secret @/empty',
  'chmod 700 @/dir',
  'chmod 600 @/flink',
  'chmod -R go-rwx @/dir',
  'chmod u+s @/file',
  'chmod a+x,o-r @/file',
  'chmod -R a+X @/dir',
  'chmod g=u @/dir/secret',
  'chmod +x @/file',
  'chmod -x @/dir/sub/deep',
  'chmod -w @/file',
  'chmod +t @/empty',
  'chmod 0755 @/file @/dir/secret',
  'chmod g+s @/empty',
  'chmod 755 @/empty',
  'chmod = @/file',
  'chmod u=rw,g=r,o= @/file',
  'chmod -R 700 @/link',
  'chmod +w @/file',
  'chmod ug=rw,o+r-x @/file',
  'chmod u-s,a=rX @/dir/sub/deep',
  'ln -s dir @/new',
  'ln -s dir @/link',
  'ln -sf file @/link',
  'ln -sfn file @/link',
  'ln -snf empty @/link',
  'ln -sT file @/empty',
  'ln -s @/file @/empty',
  'ln -s @/file @/empty/',
  'ln -sf file @/dangling',
  'ln -sf file @/flink',
  'ln -s x @/file',
  'ln -sf x @/file',
  'ln -sf x @/dir',
  'ln -s a b @/empty',
  'ln -st @/empty a b',
  'ln -sf -t @/empty a',
  'ln @/file @/hard',
  'ln -sfT x @/dir',
  'ln -sfT x @/empty',
  'ln -sr @/dir/file @/empty/rel',
  'ln -s x @/new/',
  'ln -sfT x @/link',
  'touch @/new',
  'touch @/file',
  'touch -c @/new',
  'touch @/dangling',
  'touch @/chain',
  'touch @/chain @/circle',
  'touch @/dir',
  'touch -r @/file @/new',
  'touch @/file/x',
  'rm @/file',
  'rm @/dir',
  'rm -r @/dir',
  'rm -rf @/dir @/none',
  'rm -f @/none',
  'rm @/link',
  'rm -rf @/link',
  'rm -f @/dir @/file',
  'rm @/flink @/dangling',
  'rm -d @/empty',
  'rm -d @/dir',
  'rm -f @/file/x',
  'rmdir @/empty',
  'rmdir @/dir',
  'rmdir @/file',
  'rmdir @/link',
  'rmdir --ignore-fail-on-non-empty @/dir',
  'rmdir -p @/dir/sub',
  'unlink @/file',
  'unlink @/dir',
  'unlink @/link',
  'cp @/file @/new',
  'cp @/dir/secret @/new',
  'cp @/file @/dir',
  'cp @/file @/dir/',
  'cp @/file @/flink',
  'cp @/file @/dangling',
  'cp @/flink @/new',
  'cp -d @/flink @/new',
  'cp -P @/flink @/new',
  'cp @/dir @/new',
  'cp -r @/dir @/new',
  'cp -r @/dir @/empty',
  'cp -a @/dir @/new',
  'cp -a @/flink @/new',
  'cp -r @/flink @/new',
  'cp -r @/link @/new',
  'cp -a @/link/ @/new',
  'cp -r @/dir/. @/empty',
  'cp -rT @/dir @/empty',
  'cp -n @/file @/dir/file',
  'cp -n @/file @/new',
  'cp @/file @/dir/file @/empty',
  'cp -t @/empty @/file',
  'cp @/none @/new',
  'cp @/file @/none @/empty',
  'cp -p @/dir/secret @/new',
  'cp -f @/file @/dir/secret',
  'cp @/file @/dir/secret',
  'cp @/file @/file',
  'cp /dev/null @/file',
  'cp -L @/flink @/new',
  'cp -u @/file @/new',
  'cp -b @/file @/dir/file',
  'cp -r @/dir @/file',
  'cp -r @/dir @/dir/copy',
  'cp --remove-destination @/file @/flink',
  'cp -l @/file @/new',
  'cp -s @/file @/new',
  'cp --parents @/file @/empty',
  'cp -a @/dir @/link',
  'cp -fp @/file @/flink',
  'cp @/file @/new/',
  'mv @/file @/new',
  'mv @/file @/dir',
  'mv @/dir @/new',
  'mv @/dir @/empty',
  'mv @/dir @/file',
  'mv @/file @/link',
  'mv @/link @/new',
  'mv @/flink @/dangling',
  'mv @/none @/x',
  'mv -T @/empty @/dir',
  'mv -T @/dir @/empty',
  'mv -n @/file @/dir/file',
  'mv -f @/file @/dir/file',
  'mv @/file @/dir/file @/empty',
  'mv -t @/empty @/file',
  'mv @/dir @/dir/sub',
  'mv @/file @/file',
  'mv @/dir/sub @/link',
  'mv @/empty @/dir',
  'mv @/dir/sub/deep @/dir/sub/..',
  'mv -b @/file @/dir/file',
  'mv @/file @/new/',
  'mv @/dir @/new/',
  'mv @/file @/none @/dir',
  'chown 0:0 @/file',
  'chgrp 0 @/flink',
]

/** What programs say no to, and what is meant to go on: an image lacks much of what a system has. */
const lenient: Readonly<Record<string, Listing>> = {
  'mkdir @/none/new': { none: 'directory 755', 'none/new': 'directory 755' },
  'install @/file @/none/x': { none: 'directory 755', 'none/x': 'file 755 three\n' },
  'ln -s x @/none/y': { none: 'directory 755', 'none/y': 'symlink →x' },
  'touch @/a @/none/b @/c': { a: 'file 644 ', 'none/b': 'file 644 ', c: 'file 644 ' },
  'cp @/file @/none/x': { file: 'file 644 three\n', 'none/x': 'file 644 three\n' },
  'mv @/file @/none/x': { 'none/x': 'file 644 three\n' },
  'rm @/file @/none @/flink': { 'dir/file': 'file 644 one\n' },
  'rmdir @/empty @/none': {},
  'chmod 600 @/none': {},
  'chown -R 0 @/none': {},
  'unlink @/none': {},
}

describe('file commands', () => {
  let home = ''
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'temper-files-'))
  })
  afterAll(() => rmSync(home, { recursive: true }))

  // A folder gives what is made in it its group, which no package relies on.
  const harmless = single
    .filter((line) => !/[ug]\+s|\b[2467]\d{3}\b/.test(line))
    .map((line) => line.split(' '))
  const lines = single.map((line) => line.split(' '))
  const answers = new Map<string, Outcome>()
  beforeAll(() => {
    for (const [index, outcome] of real(
      lines.map((line) => [line]),
      home,
    ).entries())
      answers.set(single[index] ?? '', outcome)
  })

  it.each(single)('do what the programs do: %s', (line) => {
    const theirs = answers.get(line)
    if (theirs === undefined) throw new Error('no answer')
    expect(difference(modelled([line.split(' ')]), theirs)).toBeUndefined()
  })

  it.each(Object.entries(lenient))('take what an image lacks as if it were there: %s', (line, expected) => {
    const [theirs] = real([[line.split(' ')]], home)
    const { statuses, listing } = modelled([line.split(' ')])
    expect(theirs?.statuses).not.toEqual([0])
    expect(statuses).toEqual([0])
    expect(listing).toMatchObject(expected)
  })

  it('do what the programs do, one after the other', () => {
    const runs = fc.sample(fc.array(fc.constantFrom(...harmless), { minLength: 2, maxLength: 5 }), {
      seed: 5,
      numRuns: 100,
    })
    const theirs = real(runs, home)
    const wrong = runs.flatMap((run, index) => {
      const outcome = theirs[index]
      const done = run.slice(0, outcome?.statuses.length)
      const problem = outcome === undefined ? 'no answer' : difference(modelled(done), outcome)
      // Something that is gone, or a link that leads there.
      const meant = /No such file|link': File exists/.test(outcome?.complaint ?? '')
      return problem === undefined || meant
        ? []
        : [{ run: run.map((line) => line.join(' ')), found: problem }]
    })
    expect(
      wrong
        .sort((a, b) => a.run.length - b.run.length)
        .slice(0, 3)
        .map((each) => JSON.stringify(each)),
    ).toEqual([])
  })
})
