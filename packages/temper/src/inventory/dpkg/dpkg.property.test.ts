import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { catalogueFiles } from '../language/fixtures/sample.ts'
import { dpkgCataloguer } from './cataloguer.ts'

const home = mkdtempSync(join(tmpdir(), 'temper-dpkg-status-'))
afterAll(() => rmSync(home, { recursive: true }))
const one = <T>(...values: readonly T[]) => fc.constantFrom(...values)

/** A status file as dpkg writes it, and as others have written it: fields in any order and case, folded, odd versions. */
const field = fc.oneof(
  one('Multi-Arch: same', 'multi-arch: foreign', 'Essential: yes', 'Installed-Size: 12', 'X-Own: a: b'),
  one(
    'Conffiles:\n /etc/a 0123456789abcdef0123456789abcdef\n /etc/b 0123456789abcdef0123456789abcdef obsolete',
  ),
  one('Provides: virtual, other (= 1:2)', 'Recommends: x | y'),
)
const stanza = fc
  .record({
    name: one('liba1', 'b-tools', 'c+extra', 'zlib1g', 'e.e', '0ad'),
    version: one('1.0-1', '2:1.2.3+dfsg-4~deb12u1', '0~rc1', '20240101', '1:9-1+b2', '1.0-really2-3'),
    architecture: one('all', 'amd64', 'arm64'),
    status: one(
      ...[
        'install ok installed',
        'install ok installed',
        'hold ok installed',
        'install ok unpacked',
        'install ok half-configured',
      ],
      ...[
        'deinstall ok config-files',
        'purge ok not-installed',
        'install reinstreq half-installed',
        'deinstall ok installed',
      ],
    ),
    source: one('', 'Source: other', 'Source: other (1.0-1)', 'source: other (2:3)', 'Source: liba1 (0.9)'),
    fields: fc.subarray([0, 1, 2]).chain((all) => fc.tuple(...all.map(() => field))),
    order: fc.boolean(),
  })
  .map(({ name, version, architecture, status, source, fields, order }) => {
    const last = ['Description: one line', ' and: more', ' .', ' Package: none'].join('\n')
    const all = [
      `Version: ${version}`,
      `Status: ${status}`,
      `Architecture: ${architecture}`,
      'Maintainer: A <a@debian.example>',
      ...(source === '' ? [] : [source]),
      ...new Map(fields.map((each) => [each.split(':')[0]?.toLowerCase(), each])).values(),
    ]
    return {
      name,
      key: `${name}:${architecture}`,
      text: [`Package: ${name}`, ...(order ? all : all.toReversed()), last].join('\n'),
    }
  })
const status = fc
  .uniqueArray(stanza, { selector: ({ name }) => name, minLength: 1, maxLength: 5 })
  .chain((all) => one('\n\n', '\n\n\n').map((gap) => `${all.map(({ text }) => text).join(gap)}\n`))

const fields = ['Package', 'Version', 'Architecture', 'db:Status-Status', 'source:Package', 'source:Version']
const format = `${fields.map((name) => `\${${name}}`).join('\\t')}\\n`
const there = /^(?:installed|unpacked|half-configured|triggers-awaited|triggers-pending)$/

function listed(text: string): readonly (readonly string[])[] | undefined {
  const folder = mkdtempSync(join(home, 'db-'))
  for (const name of ['info', 'updates']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'status'), text)
  const { status: code, stdout } = spawnSync('dpkg-query', [`--admindir=${folder}`, '-W', '-f', format], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  if (code !== 0) return undefined
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}

const hasDpkg = spawnSync('dpkg-query', ['--version']).status === 0

describe.skipIf(!hasDpkg)('a status file', () => {
  test('says what dpkg reads in it', async () => {
    let taken = 0
    for (const text of fc.sample(status, { seed: 91, numRuns: 60 })) {
      const theirs = listed(text)
      // What dpkg refuses is read as far as it goes.
      if (theirs === undefined) continue
      taken++
      const { components, notes } = await catalogueFiles(dpkgCataloguer, { 'var/lib/dpkg/status': text })
      const ours = components.map(({ name, version, architecture, source }) =>
        [name, version, architecture, source?.name, source?.version].join(' '),
      )
      const expected = theirs
        .filter(([, , , state = '']) => there.test(state))
        .map(([name, version, architecture, , source, sourceVersion]) =>
          [name, version, architecture, source, sourceVersion].join(' '),
        )
      expect({ text, ours: ours.sort() }).toEqual({ text, ours: expected.sort() })
      expect(notes).toEqual([])
    }
    expect(taken).toBeGreaterThan(30)
  })
})
