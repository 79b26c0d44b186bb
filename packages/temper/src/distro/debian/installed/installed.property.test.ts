import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import { buildRoot } from '../../../model/tree/fixtures/fixture-root.ts'
import { dpkgDatabase } from './database.ts'

const hasDpkg = spawnSync('dpkg-query', ['--version']).status === 0
const native = hasDpkg ? execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim() : 'amd64'
const home = mkdtempSync(join(tmpdir(), 'temper-dpkg-'))
afterAll(() => rmSync(home, { recursive: true }))

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values)

/** States of packages whose files are there, and of those whose files are not (dpkg(1), "Package states"). */
const statuses = one(
  ...[
    'install ok installed',
    'install ok installed',
    'install ok installed',
    'hold ok installed',
    'install ok unpacked',
  ],
  ...[
    'install ok half-configured',
    'install ok triggers-pending',
    'install ok triggers-awaited',
    'deinstall ok installed',
  ],
  ...['deinstall ok config-files', 'purge ok half-installed', 'install reinstreq half-installed'],
)

interface Sample {
  readonly name: string
  readonly version: string
  readonly status: string
  readonly isShared: boolean
  readonly files: readonly string[]
  readonly depends: string
  readonly source: string
}

const sample: fc.Arbitrary<Sample> = fc.record({
  name: one('liba1', 'b-tools', 'c+extra', 'zlib1g', 'e.e'),
  version: one('1.0-1', '2:1.2.3+dfsg-4~deb12u1', '0~rc1', '20240101', '1:9-1+b2'),
  status: statuses,
  isShared: fc.boolean(),
  files: fc.subarray(['usr/bin/a', 'usr/lib/b.so.1', 'usr/share/doc/c/copyright', 'etc/d.conf', 'opt/e f']),
  depends: one('', 'liba1 (>= 1.0)', 'liba1 | zlib1g, b-tools:any'),
  source: one('', 'other', 'other (1.0-1)'),
})

function stanza({ name, version, status, isShared, depends, source }: Sample): string {
  return [
    `Package: ${name}`,
    `Status: ${status}`,
    'Priority: optional',
    'Section: misc',
    'Installed-Size: 12',
    'Maintainer: Somebody <s@debian.example>',
    `Architecture: ${native}`,
    ...(isShared ? ['Multi-Arch: same'] : []),
    ...(source === '' ? [] : [`Source: ${source}`]),
    `Version: ${version}`,
    ...(status.endsWith('triggers-pending') ? ['Triggers-Pending: ldconfig'] : []),
    ...(status.endsWith('triggers-awaited') ? ['Triggers-Awaited: liba1'] : []),
    ...(depends === '' ? [] : [`Depends: ${depends}`]),
    'Conffiles:',
    ' /etc/d.conf 0123456789abcdef0123456789abcdef',
    `Description: ${name} in one line`,
    ' and in more,',
    ' .',
    ' with a paragraph.',
  ].join('\n')
}

const isGone = ({ status }: Sample) => /(?:config-files|half-installed)$/.test(status)
const infoName = ({ name, isShared }: Sample) => (isShared ? `${name}:${native}` : name)

/** A tree as dpkg leaves it: with what is said of each package, and the files of those that are there. */
function treeOf(samples: readonly Sample[]): FileTree {
  const files: Record<string, { content: string }> = {
    'usr/bin/dpkg': { content: 'dpkg' },
    'var/lib/dpkg/info/format': { content: '1\n' },
    'var/lib/dpkg/status': { content: samples.map((each) => `${stanza(each)}\n\n`).join('') },
  }
  for (const each of samples) {
    const listed = isGone(each) ? ['etc/d.conf'] : each.files
    const list = ['/.', ...listed.map((path) => `/${path}`)].map((line) => `${line}\n`).join('')
    files[`var/lib/dpkg/info/${infoName(each)}.list`] = { content: list }
    if (isGone(each)) {
      files[`var/lib/dpkg/info/${infoName(each)}.postrm`] = { content: '#!/bin/sh\n' }
      continue
    }
    const sums = each.files.map((path) => `${'0'.repeat(32)}  ${path}\n`).join('')
    files[`var/lib/dpkg/info/${infoName(each)}.md5sums`] = { content: sums }
    for (const path of each.files) files[path] = { content: path }
  }
  return buildRoot(files)
}

/** The database of a tree, on the disk. */
function laid(contents: ReadonlyMap<string, Uint8Array>): string {
  const folder = mkdtempSync(join(home, 'db-'))
  for (const [path, content] of contents) {
    const at = join(folder, path.slice('var/lib/dpkg/'.length))
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, content)
  }
  mkdirSync(join(folder, 'updates'), { recursive: true })
  return folder
}

function databaseIn(root: FileTree): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  for (const { path, content } of root.nodes())
    if (path.startsWith('var/lib/dpkg/') && content !== undefined) files.set(path, content)
  return files
}

/** What dpkg says; a warning of it is a fault of whoever wrote the database. */
function asked(
  folder: string,
  ...words: readonly string[]
): { readonly lines: readonly string[]; readonly warnings: string } {
  const { stdout, stderr } = spawnSync('dpkg-query', [`--admindir=${folder}`, ...words], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  return { lines: stdout.split('\n').filter((line) => line !== ''), warnings: stderr }
}

const fields = ['Package', 'Version', 'Architecture', 'db:Status-Status', 'source:Package', 'source:Version']
const format = `${fields.map((field) => `\${${field}}`).join(' ')}
`
const thereStates = /^(?:installed|unpacked|half-configured|triggers-awaited|triggers-pending)$/

const systems = fc.uniqueArray(sample, { selector: ({ name }) => name, minLength: 1, maxLength: 5 })
const seeds = { numRuns: 14, seed: 19 }

describe.skipIf(!hasDpkg)("dpkg's database", () => {
  it('is read as dpkg reads it', () => {
    fc.assert(
      fc.property(systems, (samples) => {
        const root = treeOf(samples)
        const folder = laid(databaseIn(root))
        const theirs = asked(folder, '-W', '-f', format)
        expect(theirs.warnings).toBe('')
        const there = theirs.lines.filter((line) => thereStates.test(line.split(' ')[3] ?? ''))
        const state = dpkgDatabase.read(root)
        expect(state?.unread).toEqual([])
        const ours = (state?.packages ?? []).map(({ package: { name, version, architecture, source } }) =>
          [name, version, architecture, source.name, source.version].join(' '),
        )
        const without = there.map((line) => line.replace(/^(\S+ \S+ \S+) \S+/, '$1'))
        expect(ours.sort()).toEqual(without.sort())
        for (const { package: installed, files } of state?.packages ?? []) {
          const listed = asked(folder, '-L', installed.name).lines.filter((line) => line !== '/.')
          expect(files.map((path) => `/${path}`)).toEqual(listed)
        }
      }),
      seeds,
    )
  })

  it('is written so that dpkg has what is left, and nothing to complain of', () => {
    const picks = fc.tuple(systems, fc.infiniteStream(fc.boolean()))
    fc.assert(
      fc.property(picks, ([samples, stays]) => {
        const before = treeOf(samples)
        const all = dpkgDatabase.read(before)?.packages ?? []
        const kept = all.filter(() => stays.next().value === true)
        const names = new Set(kept.map(({ package: { name } }) => name))
        // The files of what leaves are gone, unless somebody else has them too.
        const left = new Set([...kept.flatMap(({ files }) => files), 'usr/bin/dpkg'])
        const root = buildRoot(
          Object.fromEntries(
            [...before.nodes()].flatMap(({ path, content, type }) =>
              type === 'file' && (left.has(path) || path.startsWith('var/lib/dpkg/'))
                ? [[path, { content: Buffer.from(content ?? []).toString() }]]
                : [],
            ),
          ),
        )
        const { put, remove } = dpkgDatabase.write({ root, before, kept })
        const contents = databaseIn(before)
        for (const path of remove) contents.delete(path)
        for (const { path, content } of put) contents.set(path, content)
        const folder = laid(contents)
        const { lines, warnings } = asked(folder, '-W', '-f', format)
        expect(warnings).toBe('')
        const gone = samples.filter(isGone).map(({ name }) => name)
        expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual([...names, ...gone].sort())
        for (const {
          package: { name },
          files,
        } of kept) {
          const listed = asked(folder, '-L', name).lines.filter((line) => line !== '/.')
          expect(listed).toEqual(files.map((path) => `/${path}`))
        }
        // What is read of it once more is what was kept.
        const again = buildRoot(
          Object.fromEntries(
            [...contents].map(([path, content]) => [path, { content: Buffer.from(content).toString() }]),
          ),
        )
        const remaining = dpkgDatabase.read(again)?.packages.map(({ package: { name } }) => name) ?? []
        expect(remaining.sort()).toEqual([...names].sort())
      }),
      seeds,
    )
  })
})
