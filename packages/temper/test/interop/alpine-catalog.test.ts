import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey, publish, type SampleMirror, startMirror } from '../../src/distro/apk/fixtures/repository.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { installedPackages, timeZones, tryRealAlpine } from '../support/real-alpine.ts'
import { temperJson } from '../support/temper-cli.ts'

/* Lines of the catalogue on Alpine, as far as a real Alpine 3.23 has their packages: built, and their own tests run. */

const alpine = await tryRealAlpine()
const runc = alpine === undefined ? undefined : await tryDebianTool('runc')
const key = makeKey('mirror@example.org-1.rsa.pub')

describe.skipIf(runc === undefined)('on Alpine', () => {
  let folder = ''
  let mirror: SampleMirror

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-alpine-catalogue-'))
    mirror = await startMirror()
    const packages = [...(await installedPackages(alpine ?? '')), await timeZones()]
    publish(mirror, 'v3.23/main/x86_64', { key, packages })
    await writeFile(join(folder, key.name), key.publicKey)
  }, 300_000)

  afterAll(async () => {
    mirror?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it.each([
    ['static', 'dev'],
    ['base', 'dev'],
    ['busybox', undefined],
    ['curl', undefined],
  ])(
    '%s passes its tests (variant %s)',
    async (name, variant) => {
      const recipe = `extends: ${name}\nplatforms: [linux/amd64]\ncontents: { keyring: [${key.name}] }\n`
      await writeFile(join(folder, `own-${name}.yaml`), recipe)
      const { results } = await temperJson<{ readonly results: readonly { readonly passed: boolean }[] }>(
        [
          'test',
          `own-${name}.yaml`,
          '--line',
          'alpine',
          ...(variant === undefined ? [] : ['--variant', variant]),
        ],
        {
          cwd: folder,
          env: { TEMPER_ALPINE_MIRROR: mirror.address, TEMPER_CACHE_DIR: join(folder, 'cache') },
        },
      )
      expect(results.length).toBeGreaterThan(0)
      expect(results.map(({ passed }) => passed)).not.toContain(false)
    },
    300_000,
  )
})
