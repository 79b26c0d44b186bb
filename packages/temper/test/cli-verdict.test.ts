import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temperProgram } from './support/program.ts'
import { temper } from './support/temper-cli.ts'

const run = promisify(execFile)
let folder = ''
let env: Readonly<Record<string, string>>

/** Enough of them that what is printed fills a pipe several times. */
const packages = Array.from({ length: 600 }, (_, i) => `package-${i}`)

function record(name: string, i: number): string {
  const ranges = [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }]
  return JSON.stringify({
    schema_version: '1.6.0',
    id: `GHSA-${i}`,
    modified: '2026-01-10T00:00:00Z',
    affected: [{ package: { ecosystem: 'npm', name }, ranges }],
  })
}

const document = JSON.stringify({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components: packages.map((name) => ({
    type: 'library',
    name,
    version: '1.0.0',
    purl: `pkg:npm/${name}@1.0.0`,
  })),
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-verdict-'))
  env = { HOME: folder, TEMPER_CACHE_DIR: join(folder, 'cache') }
  await writeFile(join(folder, 'bom.json'), document)
  await writeFile(join(folder, 'npm.ndjson'), packages.map(record).join('\n'))
  expect((await temper(['feeds', 'import', 'npm.ndjson'], { cwd: folder, env })).code).toBe(0)
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs a line of bash in which `temper` is the CLI; gives standard error. */
async function shell(line: string): Promise<string> {
  const script = `temper() { '${[process.execPath, ...temperProgram].join("' '")}' "$@"; }; ${line}`
  const { PATH } = process.env
  return (await run('bash', ['-c', script], { cwd: folder, env: { PATH, ...env } })).stderr
}

const verdict = async () => Number(await readFile(join(folder, 'verdict'), 'utf8'))

const saysNo = 'scan sbom:bom.json --fail-on fixable'

describe('the exit code is the verdict', () => {
  it.each([
    [1, `${saysNo} --json`, 'takes a few bytes', '| head -c 10'],
    [1, saysNo, 'never reads', '| true'],
    [1, `${saysNo} --json`, 'takes neither output nor errors', '2>&1 | true'],
    [0, 'scan sbom:bom.json --fail-on critical --json', 'never reads', '| true'],
    [2, 'scan sbom:missing.json', 'takes no errors', '2>&1 | true'],
    [0, 'schema', 'has left before anything is written', '| (exec <&-; sleep 1)'],
    [0, '--version', 'never reads', '| true'],
  ])('%i: temper %s, when the reader %s', async (expected, args, _reader, reader) => {
    const errors = await shell(`{ temper ${args}; echo $? >verdict; } ${reader}`)
    expect(await verdict()).toBe(expected)
    expect(errors).not.toMatch(/EPIPE|node:/)
  })
})

describe('a full disk', () => {
  it.each([
    ['is an error where all went well', 3, 'schema'],
    ['is an error of --version too', 3, '--version'],
    ['leaves a no as it is', 1, `${saysNo} --json`],
  ])('%s', async (_case, expected, args) => {
    await shell(`temper ${args} >/dev/full; echo $? >verdict`)
    expect(await verdict()).toBe(expected)
  })
})
