import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { pythonCataloguer } from './cataloguer.ts'
import { readHeaders } from './headers.ts'
import { holdsWithoutExtra } from './marker.ts'
import { readRecord } from './record.ts'
import { readRequirements } from './requirements.ts'

/** Python's own readers: of mail headers, of comma-separated lines, and of requirements by what pip brings along. */
const program = `
import csv, email.parser, io, json, sys
from pip._vendor.packaging.requirements import Requirement, InvalidRequirement
from pip._vendor.packaging.markers import default_environment

def needs(line):
    """Whether the need counts without any extra, whatever the machine; none where it is no requirement."""
    try:
        found = Requirement(line)
    except InvalidRequirement:
        return None
    if found.marker is None:
        return [found.name, True]
    places = []
    for system in ("linux", "win32"):
        for version in ("3.6", "3.12"):
            places.append({**default_environment(), "sys_platform": system, "python_version": version, "extra": ""})
    return [found.name, any(found.marker.evaluate(place) for place in places)]

def pinned(line):
    try:
        found = Requirement(line)
    except InvalidRequirement:
        return None
    specifiers = list(found.specifier)
    if found.url or len(specifiers) != 1 or specifiers[0].operator not in ("==", "===") or specifiers[0].version.endswith("*"):
        return [found.name, None]
    return [found.name, specifiers[0].version]

asked = json.load(sys.stdin)
json.dump({
    "headers": [[[k.lower(), [v.replace("\\r", "") for v in m.get_all(k)]] for k in m] for m in
                (email.parser.HeaderParser().parsestr(text) for text in asked["headers"])],
    "needs": [needs(line) for line in asked["needs"]],
    "pinned": [pinned(line) for line in asked["pinned"]],
    "records": [[row[0] for row in csv.reader(io.StringIO(text)) if row] for text in asked["records"]],
}, sys.stdout)
`
type Pair<Value> = readonly [string, Value] | null

interface Answers {
  readonly headers: readonly (readonly Pair<readonly string[]>[])[]
  readonly needs: readonly Pair<boolean>[]
  readonly pinned: readonly Pair<string | null>[]
  readonly records: readonly (readonly string[])[]
}

function asked(questions: Readonly<Record<keyof Answers, readonly string[]>>): Answers | undefined {
  const input = JSON.stringify(questions)
  const { status, stdout } = spawnSync('python3', ['-c', program], { input, encoding: 'utf8' })
  return status === 0 ? (JSON.parse(stdout) as Answers) : undefined
}

const one = (...words: readonly string[]) => fc.constantFrom(...words)

const headers = fc
  .array(
    fc
      .oneof(
        {
          weight: 4,
          arbitrary: fc.tuple(
            one('Name', 'Version', 'license', 'Classifier', 'X-Y'),
            one(': ', ':', ':   ', ':\t'),
          ),
        },
        { weight: 1, arbitrary: fc.tuple(one('Description'), one(':')) },
      )
      .chain(([name, mark]) =>
        fc
          .tuple(
            one('a', 'A: b', 'Ünï', '1.0 ', '', ':', 'x; y'),
            fc.array(one('\n more', '\n\tmore: x', '\n  '), { maxLength: 2 }),
          )
          .map(([value, more]) => `${name}${mark}${value}${more.join('')}\n`),
      ),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => `${all.join('')}\nBody: none\n`)

const name = one('idna', 'A.b-c_d', 'x', 'zope.interface', 'Foo2')
const extras = one('', '[socks]', '[a,b]', ' [a, b]')
const specifier = one(
  '',
  '>=2.5',
  ' (>=2.5,<3)',
  ' ==1.0',
  '==1.0.*',
  '===1.0+local',
  '~=1.4',
  ' != 1',
  '==1.0,!=1.0.1',
  ' (==1.0)',
  '== 1!2.0rc1',
)
const comparison = one(
  "extra == 'x'",
  '"x" == extra',
  'extra=="x"',
  'python_version < "3.8"',
  "sys_platform == 'win32'",
  'extra in "x y"',
  "extra != 'x'",
  "'win' in sys_platform",
  'python_version >= "3"',
  "'y' not in extra",
)
const marker: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.tuple(tie('any'), one(' and ', ' or '), tie('any')).map((all) => all.join('')),
    tie('any').map((inner) => `(${inner})`),
  ),
})).any
const needs = fc
  .tuple(
    name,
    extras,
    specifier,
    fc.oneof(
      fc.constant(''),
      marker.map((text) => `; ${text}`),
      marker.map((text) => ` ; ${text}`),
    ),
  )
  .map((all) => all.join(''))

const requirement = fc
  .tuple(
    name,
    extras,
    specifier,
    one('', "; python_version < '4'", ' ; extra == "x"', ' @ https://x.example/y.whl'),
  )
  .map((all) => all.join(''))

const recordPath = one(
  'a/x.py',
  'a/b c.py',
  'a/"q".py',
  'a/y,z.py',
  '../../../bin/tool',
  'é.py',
  '',
  "it's.py",
)
const records = fc
  .array(
    fc.tuple(recordPath, one('sha256=abc,12', ',', 'sha256=a_b-c,0')).map(([path, rest]) => {
      const field = /[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path
      return `${field},${rest}`
    }),
    { minLength: 1, maxLength: 5 },
  )
  .chain((lines) => one('\n', '\r\n').map((end) => lines.map((line) => `${line}${end}`).join('')))

const questions = {
  headers: fc.sample(headers, { seed: 1, numRuns: 150 }),
  needs: [...new Set(fc.sample(needs, { seed: 2, numRuns: 400 }))],
  pinned: [...new Set(fc.sample(requirement, { seed: 3, numRuns: 300 }))],
  records: fc.sample(records, { seed: 4, numRuns: 100 }),
}
const answers = asked(questions)

function fileOf(path: string, text: string) {
  const bytes = Buffer.from(text)
  return { path, size: bytes.length, mode: 0o644, start: bytes.subarray(0, 32), bytes }
}

describe.skipIf(answers === undefined)('what installers write, as Python reads it', () => {
  test('headers', () => {
    const squeezed = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
    for (const [index, text] of questions.headers.entries()) {
      const ours = [...readHeaders(text)].map(([key, values]) => [key, values.map(squeezed)])
      const theirs = (answers?.headers[index] ?? []).map((pair) => [pair?.[0], pair?.[1].map(squeezed)])
      expect({ text, headers: Object.fromEntries(ours) }).toEqual({
        text,
        headers: Object.fromEntries(theirs),
      })
    }
  })

  test('what is needed without any extra', async () => {
    let taken = 0
    for (const [index, line] of questions.needs.entries()) {
      const answer = answers?.needs[index] ?? null
      if (answer === null) continue
      taken++
      const [needed, counts] = answer
      const { components } = await catalogueFiles(pythonCataloguer, {
        'site-packages/a-1.dist-info/METADATA': `Name: a\nVersion: 1\nRequires-Dist: ${line}\n`,
        'site-packages/b-1.dist-info/METADATA': `Name: ${needed}\nVersion: 1\n`,
      })
      const isNeeded = components.find(({ name: each }) => each === 'a')?.dependsOn !== undefined
      expect({ line, found: isNeeded }).toEqual({ line, found: counts })
    }
    expect(taken).toBeGreaterThan(200)
  })

  test('requirements that are pinned to one version', () => {
    for (const [index, line] of questions.pinned.entries()) {
      const answer = answers?.pinned[index] ?? null
      if (answer === null) continue
      const [wanted, version] = answer
      const fact = readRequirements(fileOf('requirements.txt', `# first\n${line}\n`))
      const ours = {
        pinned: fact?.packages.map((each) => `${each.name} ${each.version}`),
        not: fact?.unpinned ?? [],
      }
      const theirs =
        version === null ? { pinned: [], not: [wanted] } : { pinned: [`${wanted} ${version}`], not: [] }
      expect({ line, ...ours }).toEqual({ line, ...theirs })
    }
  })

  test('files in RECORD', () => {
    for (const [index, text] of questions.records.entries()) {
      const { files } = readRecord(fileOf('usr/lib/python3/site-packages/a.dist-info/RECORD', text))
      const theirs = (answers?.records[index] ?? []).filter((path) => path !== '')
      const placed = theirs.map((path) =>
        path.startsWith('../../../')
          ? `usr/${path.slice('../../../'.length)}`
          : `usr/lib/python3/site-packages/${path}`,
      )
      expect({ text, files }).toEqual({ text, files: placed })
    }
  })
})

describe('markers', () => {
  test.each([
    ["extra == 'x'", false],
    ["extra == ''", true],
    ["extra == 'x' or os_name == 'nt'", true],
    ["(extra == 'x') and os_name == 'nt'", false],
    ["extra == 'x' and (os_name == 'nt' or extra == 'y')", false],
    ["os_name == 'nt' and (os_name == 'posix' or extra == 'y')", true],
    ["'extra' == 'extra'", true],
    ["platform_extra == 'x'", true],
    // What cannot be read leads to something rather than to nothing.
    ["extra == 'x", true],
    ["extra == 'x')", true],
    ['extra ==', true],
    ['$', true],
    ['', true],
  ])('%s can hold without an extra: %s', (text, expected) => {
    expect(holdsWithoutExtra(text)).toBe(expected)
  })

  test('of any length and depth end', () => {
    for (const text of ['('.repeat(100_000), `${"extra == 'x' or ".repeat(100_000)}`, '"'.repeat(99_999)])
      expect(holdsWithoutExtra(text)).toBe(true)
  })
})

describe('lines of requirements that are no requirements', () => {
  test.each([
    '-r other.txt',
    '--index-url https://x.example/simple',
    '-e git+https://x.example/y.git#egg=y',
    './local',
    '../local.whl',
    'https://x.example/y.whl',
    'git+ssh://git@x.example/y.git@v1',
    '# a==1.0',
    '    --hash=sha256:0123',
    '',
  ])('%s', (line) => {
    expect(readRequirements(fileOf('requirements.txt', `${line}\n`))).toBeUndefined()
  })

  test.each([
    ['a==1.0 \\\n    --hash=sha256:0123 \\\n    --hash=sha256:4567\nb==2.0\n', ['a 1.0', 'b 2.0']],
    ['a \\\n  ==1.0\n', ['a 1.0']],
    ['a==\\\n1.0\nb==2\n', ['a 1.0', 'b 2']],
    ['a==1.0  # why\nb==2.0 #x\n', ['a 1.0', 'b 2.0']],
    ['\uFEFFa==1.0\r\nb==2.0\r\n', ['a 1.0', 'b 2.0']],
    ['a==1.0 ; python_version < "3" \\\n  --hash=sha256:0\n', ['a 1.0']],
    ['a==1.0 --global-option="x"\n', ['a 1.0']],
  ])('%j has what goes over several lines', (text, expected) => {
    const fact = readRequirements(fileOf('requirements.txt', text))
    expect(fact?.packages.map((each) => `${each.name} ${each.version}`)).toEqual(expected)
  })
})
