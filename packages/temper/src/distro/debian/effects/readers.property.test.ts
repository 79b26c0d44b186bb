import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CommandCall, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'
import { makePackage, testOptions } from './fixtures/packages.ts'
import { debianReaders } from './readers.ts'

const packages = ['tool', 'libtool1', 'other'].map((name) => makePackage({ name }))

function modelled(words: readonly string[], script = 'postinst'): CommandResult | undefined {
  const [name = '', ...rest] = words
  const context = { packages, options: testOptions } as unknown as EffectContext
  const call = { words, arguments: rest, package: 'asking', script, input: '' }
  return debianReaders(context)[name]?.(call as unknown as CommandCall)
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
const hasDpkg = spawnSync('dpkg', ['--version']).status === 0

/** What the programs answer, all of them called by one shell with a database of these packages. */
function real(lines: readonly (readonly string[])[], admin: string): readonly CommandResult[] {
  const script = lines.map(
    (words) => `${words.map(quoted).join(' ')} 2>/dev/null </dev/null; printf '\\001%s\\002' $?`,
  )
  const { stdout } = spawnSync('sh', [], {
    input: script.join('\n'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C', DPKG_ADMINDIR: admin },
  })
  return stdout
    .split('\u0002')
    .slice(0, -1)
    .map((each) => {
      const [output = '', status] = each.split('\u0001')
      return { output, status: Number(status) }
    })
}

describe.skipIf(!hasDpkg)('dpkg and what asks its database', () => {
  let admin = ''
  beforeAll(() => {
    admin = mkdtempSync(join(tmpdir(), 'temper-dpkg-'))
    const stanzas = packages.map(
      ({ package: { name, version, architecture } }) =>
        `Package: ${name}\nStatus: install ok installed\nMaintainer: x <x@example.org>\nArchitecture: ${architecture}\nVersion: ${version}\nDescription: x\n`,
    )
    writeFileSync(join(admin, 'status'), stanzas.join('\n'))
    writeFileSync(join(admin, 'available'), '')
    for (const folder of ['info', 'updates', 'triggers']) mkdirSync(join(admin, folder))
    for (const {
      package: { name },
    } of packages)
      writeFileSync(join(admin, `info/${name}.list`), '/.\n')
  })
  afterAll(() => rmSync(admin, { recursive: true }))

  const relations = [
    'lt',
    'le',
    'eq',
    'ne',
    'ge',
    'gt',
    'lt-nl',
    'le-nl',
    'ge-nl',
    'gt-nl',
    '<<',
    '<=',
    '=',
    '>=',
    '>>',
    '<',
    '>',
  ]
  const part = fc.constantFrom(
    '1',
    '0',
    '10',
    '2.0',
    'a',
    '~',
    '+',
    '.',
    '1.0',
    'deb13u1',
    '-1',
    '~rc1',
    '1:',
    '00',
  )
  const version = fc.oneof(
    { weight: 1, arbitrary: fc.constant('') },
    {
      weight: 6,
      arbitrary: fc
        .array(part, { minLength: 1, maxLength: 3 })
        .map((parts) => parts.join(''))
        .filter((text) => /^(?:\d+:)?\d[A-Za-z0-9.+~-]*$/.test(text)),
    },
  )

  it('compare versions as dpkg does, by every relation', () => {
    const lines = fc
      .sample(fc.tuple(version, fc.constantFrom(...relations), version), { seed: 6, numRuns: 500 })
      .map((words) => ['dpkg', '--compare-versions', ...words] as const)
    const answers = real(lines, admin)
    const wrong = lines.flatMap((line, index) => {
      const ours = modelled(line)
      return ours === undefined || ours.status === answers[index]?.status
        ? []
        : [`${line.slice(2).join(' ')}: ${ours.status}`]
    })
    expect(answers).toHaveLength(lines.length)
    expect(wrong.slice(0, 10)).toEqual([])
    expect(lines.filter((line) => modelled(line) !== undefined).length).toBeGreaterThan(400)
  })

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: formats of dpkg-query
  const questions: readonly (readonly string[])[] = [
    ...['tool', 'none', 'libtool1:amd64', 'tool other', 'none gone', 'tool none'].map((names) => [
      'dpkg-query',
      '-W',
      '-f',
      '${Package}\\n',
      ...names.split(' '),
    ]),
    ...[
      '${Version}',
      '${Status}',
      '${db:Status-Status}\\n',
      '${db:Status-Abbrev}|',
      '${binary:Package} ${Version}\\n',
      '${Architecture}',
      'text',
      '${Package}\\t${Version}\\n',
      '${Package;-10}|',
      '${Section}',
      '$Package',
      '${Package',
      '\\\\n',
      '${Maintainer}\\n',
      '${source:Package}',
      '',
    ].map((format) => ['dpkg-query', `--showformat=${format}`, '--show', 'tool']),
    ['dpkg-query', '-W', 'none'],
    ['dpkg-query', '-s', 'none'],
    ['dpkg-query', '-l', 'none'],
    ['dpkg-query', '-L', 'none'],
    ['dpkg', '-s', 'none'],
    ['dpkg', '--status', 'none'],
    ['dpkg', '-l', 'none'],
    ['dpkg', '-L', 'none'],
    ['dpkg', '-S', '/etc/init.d/none'],
    ['dpkg', '--print-foreign-architectures'],
    ['dpkg', '--validate-version', '1.0-1'],
    ['dpkg', '--validate-version', 'x y'],
    ['dpkg-query', '-W', '-f', '${Version}', 'tool:arm64'],
    ['dpkg-query', '-W', '-f', '${Version}', 't*'],
    ['dpkg-query', '-f', '${Version}', '-W', 'tool'],
    ['dpkg-query', '-f${Version}', '-W', 'tool'],
  ]
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: formats of dpkg-query

  it.each(questions.map((words) => [words.join(' '), words] as const))(
    'answer as the database does, or not: %s',
    (_title, words) => {
      const [theirs] = real([words], admin)
      const ours = modelled(words)
      if (ours?.status !== undefined) expect(ours.status).toBe(theirs?.status)
      if (ours?.output !== undefined) expect(ours.output).toBe(theirs?.output)
    },
  )

  it('know nothing of a package that is about to be unpacked', () => {
    const context = { packages, options: testOptions } as unknown as EffectContext
    const ask = (script: string) =>
      debianReaders(context)['dpkg']?.({
        words: [],
        arguments: ['-s', 'tool'],
        package: 'tool',
        script,
      } as unknown as CommandCall)
    expect(ask('preinst')).toEqual({ status: 1, output: '' })
    expect(ask('postinst')?.output).toContain('Status: install ok installed\n')
  })
})

describe('the architecture', () => {
  it.each([
    [['dpkg', '--print-architecture'], 'amd64\n'],
    [['dpkg-architecture', '-qDEB_HOST_MULTIARCH'], 'x86_64-linux-gnu\n'],
    [['dpkg-architecture', '-q', 'DEB_HOST_ARCH'], 'amd64\n'],
    [['dpkg-architecture', '-aamd64', '-qDEB_BUILD_MULTIARCH'], 'x86_64-linux-gnu\n'],
  ])('%j is %j', (words, output) => {
    expect(modelled(words)).toEqual({ status: 0, output })
  })

  it('is not told otherwise', () => {
    expect(modelled(['dpkg-architecture', '-qDEB_HOST_GNU_TYPE'])).toBeUndefined()
    expect(modelled(['dpkg', '--unpack', 'x.deb'])).toBeUndefined()
    expect(modelled(['dpkg', '--compare-versions', '1', 'lt'])).toBeUndefined()
  })
})
