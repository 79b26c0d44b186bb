import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLayout } from '../src/oci/layout/layout.ts'
import { pushImage, smallImage } from './support/small-image.ts'
import { type CliResult, temper } from './support/temper-cli.ts'

/* A cache that somebody else has filled, or that lies in a read-only file system, costs time only. */

let folder = ''
const cache = () => join(folder, 'cache')

const record = {
  schema_version: '1.6.0',
  id: 'GHSA-1',
  modified: '2026-01-10T00:00:00Z',
  affected: [
    {
      package: { ecosystem: 'npm', name: 'left' },
      ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
    },
  ],
}

const document = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components: [{ type: 'library', name: 'left', version: '1.0.0', purl: 'pkg:npm/left@1.0.0' }],
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-foreign-'))
  await chmod(folder, 0o755)
  for (const name of ['scratch', 'out']) {
    await mkdir(join(folder, name))
    await chmod(join(folder, name), 0o777)
  }
  await writeFile(join(folder, 'npm.ndjson'), JSON.stringify(record))
  await writeFile(join(folder, 'bom.json'), JSON.stringify(document))
  const image = smallImage({ bytes: 5000 })
  const layout = openLayout(join(folder, 'image'))
  await pushImage(layout, image)
  await layout.tag(image.root, 'v1')
})
afterAll(async () => {
  await promisify(execFile)('chmod', ['-R', 'u+w', folder])
  await rm(folder, { recursive: true })
})

function run(args: readonly string[], through: readonly string[] = []): Promise<CliResult> {
  const env = { HOME: join(folder, 'out'), TEMPER_CACHE_DIR: cache(), TMPDIR: join(folder, 'scratch') }
  return temper(args, { cwd: folder, env, through })
}

/** As somebody who can read the cache and not write to it. */
async function runAsOther(args: readonly string[]): Promise<CliResult> {
  await promisify(execFile)('chmod', ['-R', 'a-w,a+rX', cache()])
  const isRoot = process.getuid?.() === 0
  return await run(args, isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [])
}

const files = async () =>
  (await readdir(cache(), { recursive: true })).filter((name) => !/^compile/.test(name)).sort()
const timeless = ({ code, stdout, stderr }: CliResult) => ({
  code,
  stderr,
  stdout: stdout.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID'),
})

describe('a cache of somebody else', () => {
  it('gives the same results, is left alone, and nothing is left elsewhere', async () => {
    expect((await run(['feeds', 'import', 'npm.ndjson'])).code).toBe(0)
    const commands = [
      ['scan', 'sbom:bom.json', '--json'],
      ['scan', 'sbom:bom.json', '--feeds', 'npm.ndjson', '--json'],
      ['scan', 'oci:image', '--json'],
      ['sbom', 'oci:image'],
    ]
    const own = []
    for (const args of commands) own.push(await run(args))
    expect(own.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    const before = await files()
    for (const [i, args] of commands.entries())
      expect(timeless(await runAsOther(args))).toEqual(timeless(own[i] as CliResult))
    expect(await files()).toEqual(before)
    expect(await readdir(join(folder, 'scratch'))).toEqual([])
  }, 60_000)

  it('says with --verbose that nothing is kept', async () => {
    const { stderr } = await runAsOther(['scan', 'sbom:bom.json', '--verbose'])
    expect(stderr).toContain(`${cache()} cannot be written to`)
  })

  it('gives no compiled code, and gets none, where others can write', async () => {
    const compile = join(folder, 'open/compile')
    await mkdir(compile, { recursive: true })
    await chmod(compile, 0o777)
    const env = { HOME: join(folder, 'out'), TEMPER_CACHE_DIR: join(folder, 'open') }
    expect((await temper(['ls', 'oci:image'], { cwd: folder, env })).code).toBe(0)
    expect(await readdir(compile)).toEqual([])
    await chmod(compile, 0o755)
    expect((await temper(['ls', 'oci:image'], { cwd: folder, env })).code).toBe(0)
    expect(await readdir(compile)).not.toEqual([])
  })

  it('is an error where the cache itself is what was asked for', async () => {
    const { code, stderr } = await runAsOther(['feeds', 'import', 'npm.ndjson'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/error\[file-system\].*cache\/feeds/)
  })
})
