import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  makeKey,
  publish,
  type SampleFile,
  type SampleMirror,
  type SamplePackage,
  startMirror,
} from '../../src/distro/apk/fixtures/repository.ts'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { sampleContext } from '../../src/flows/fixtures/sample-context.ts'
import { inventoryOf } from '../../src/flows/inventory/inventory.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { tryDebianTool, unpackedWithLibraries } from '../support/debian-tool.ts'
import { tryGoTool } from '../support/go-tool.ts'
import { apk, tryRealAlpine } from '../support/real-alpine.ts'
import { temperJson } from '../support/temper-cli.ts'

/*
 * A repository in Wolfi's shape with programs of the GNU C library (Debian's jq and its libraries): they run in the image, the
 * apk-tools of a real Alpine know what is in it and choose the same packages, scanners take it for Wolfi.
 */

const run = promisify(execFile)
const alpine = await tryRealAlpine()
const [umoci, runc] = alpine === undefined ? [] : [await tryDebianTool('umoci'), await tryDebianTool('runc')]
const [syft, trivy] = alpine === undefined ? [] : [await tryGoTool('syft'), await tryGoTool('trivy')]
const key = makeKey('mirror@example.org-1.rsa.pub')

describe.skipIf(alpine === undefined || umoci === undefined || runc === undefined)(
  'an image of Wolfi',
  () => {
    let folder = ''
    let root = ''
    let mirror: SampleMirror
    let layout = ''
    const here = () => ({
      cwd: folder,
      env: { TEMPER_WOLFI_MIRROR: `${mirror.address}/os`, TEMPER_CACHE_DIR: join(folder, 'cache') },
    })
    const offline = ['--no-network', '--repositories-file', '/dev/null']
    const bundle = () => join(folder, 'bundle')

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'temper-real-wolfi-'))
      root = join(folder, 'root')
      await run('cp', ['-a', alpine ?? '', root])
      mirror = await startMirror()
      publish(mirror, 'os/x86_64', { key, hash: 'RSA256', packages: await packages() })
      for (const [path, bytes] of mirror.files) {
        const target = join(root, 'mirror', path)
        await mkdir(join(target, '..'), { recursive: true })
        await writeFile(target, bytes)
      }
      await writeFile(join(folder, key.name), key.publicKey)
      for (const keys of ['etc/apk/keys', 'new/etc/apk/keys']) {
        await mkdir(join(root, keys), { recursive: true })
        await copyFile(join(folder, key.name), join(root, keys, key.name))
      }
      await writeFile(
        join(folder, 'jq.yaml'),
        [
          'name: jq',
          'distribution: wolfi',
          'platforms: [linux/amd64]',
          `contents: { packages: [jq], keyring: ["${key.name}"] }`,
          'entrypoint: [/usr/bin/jq]',
        ].join('\n'),
      )
      layout = join(folder, 'layout')
      const result = await temperJson<BuildResult>(['build', 'jq.yaml', '-o', layout], here())
      expect(result.platforms[0]?.unmodelledEffects).toEqual([])
      await run(umoci ?? '', ['unpack', '--image', `${layout}:latest`, bundle()])
    }, 600_000)

    afterAll(async () => {
      mirror?.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('runs a program with its libraries', async () => {
      const file = join(bundle(), 'config.json')
      const config = JSON.parse(await readFile(file, 'utf8'))
      delete config.process.rlimits
      config.process = { ...config.process, args: ['/usr/bin/jq', '-n', '1 + 1'], terminal: false }
      await writeFile(file, JSON.stringify(config))
      const { stdout } = await run(runc ?? '', ['run', '--bundle', bundle(), `temper-wolfi-${process.pid}`])
      expect(stdout).toBe('2\n')
    }, 60_000)

    it('has the packages that apk chooses, and apk finds them unchanged', async () => {
      const system = ['--root', '/new', '--arch', 'x86_64', '--no-network', '-X', '/mirror/os']
      await apk(root, 'add', ...system, '--initdb')
      const planned = (await apk(root, 'add', ...system, '--simulate', 'jq')).matchAll(
        /Installing (\S+) \((\S+)\)/g,
      )
      const chosen = [...planned].map(([, name, version]) => `${name}-${version}`).sort()
      await cp(join(bundle(), 'rootfs'), join(root, 'made'), { recursive: true, verbatimSymlinks: true })
      const listed = (await apk(root, '--root', '/made', ...offline, 'info', '-v')).trim().split('\n').sort()
      // The shell stays out.
      expect(listed).toEqual(chosen.filter((name) => !name.startsWith('busybox-')))
      const { inventory } = await inventoryOf(
        { kind: 'image', reference: parseReference(`oci:${layout}`) },
        {},
        sampleContext(folder),
      )
      expect(inventory.components.map(({ name, version }) => `${name}-${version}`).sort()).toEqual(listed)
      const audit = await apk(root, '--root', '/made', ...offline, 'audit', '--system', '--check-permissions')
      expect(audit).toBe('')
    }, 60_000)

    it.skipIf(syft === undefined)(
      'is Wolfi to Syft',
      async () => {
        const { stdout } = await run(syft ?? '', [`oci-dir:${layout}`, '-o', 'json', '-q'], {
          maxBuffer: 64 << 20,
        })
        const { artifacts, distro } = JSON.parse(stdout)
        expect(distro).toMatchObject({ id: 'wolfi', versionID: '20230201' })
        const purls = artifacts.map(({ purl }: { purl: string }) => purl)
        expect(purls).toContain('pkg:apk/wolfi/jq@1.8.1-r0?arch=x86_64&distro=wolfi-20230201')
      },
      120_000,
    )

    it.skipIf(trivy === undefined)(
      'is Wolfi to Trivy',
      async () => {
        const options = ['rootfs', '--offline-scan', '--skip-db-update', '--format', 'cyclonedx']
        const cache = ['--cache-dir', join(folder, 'trivy')]
        const { stdout } = await run(trivy ?? '', [...options, ...cache, join(bundle(), 'rootfs')], {
          maxBuffer: 64 << 20,
        })
        expect(stdout).toMatch(/"purl": "pkg:apk\/wolfi\/jq@1\.8\.1-r0[^"]*distro=20230201/)
      },
      120_000,
    )
  },
)

const link = (target: string): SampleFile => ({ type: 'symlink', target, mode: 0o777 })

/** Base files, C library, a shell that something needs, and a package of each library that jq loads. */
async function packages(): Promise<readonly SamplePackage[]> {
  const unpacked = await unpackedWithLibraries('jq')
  const program = join(unpacked, 'usr/bin/jq')
  const folders = join(unpacked, 'usr/lib/x86_64-linux-gnu')
  const { stdout } = await run('ldd', [program], { env: { ...process.env, LD_LIBRARY_PATH: folders } })
  const paths = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)
  const file = async (path: string): Promise<SampleFile> => ({
    content: await readFile(await realpath(path)),
    mode: 0o755,
  })
  const isGlibc = (path: string) => /^(?:ld-linux|lib(?:c|m|pthread|dl)\.so)/.test(basename(path))
  const own: SamplePackage[] = []
  const glibc: Record<string, SampleFile> = {}
  for (const path of paths) {
    const soname = basename(path)
    if (isGlibc(path)) glibc[`usr/lib/${soname}`] = await file(path)
    else
      own.push({
        name: soname.replace(/\.so.*$/, ''),
        version: '6.9.10-r2',
        depends: 'so:libc.so.6',
        provides: `so:${soname}=1`,
        files: { [`usr/lib/${soname}`]: await file(path) },
      })
  }
  const sonames = paths.map((path) => `so:${basename(path)}`)
  return [
    ...own,
    {
      name: 'wolfi-baselayout',
      version: '20230201-r29',
      provides: 'merged-bin merged-lib merged-sbin merged-usrsbin',
      files: {
        bin: link('usr/bin'),
        sbin: link('usr/bin'),
        lib: link('usr/lib'),
        lib64: link('usr/lib'),
        'usr/sbin': link('bin'),
        'usr/lib64': link('lib'),
        'etc/passwd': 'root:x:0:0:root:/root:/bin/ash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
        'etc/group': 'root:x:0:root\nnobody:x:65534:\n',
      },
    },
    {
      name: 'glibc',
      version: '2.43-r15',
      depends: '!musl merged-lib wolfi-baselayout',
      provides: Object.keys(glibc)
        .map((path) => `so:${basename(path)}=6`)
        .join(' '),
      files: { ...glibc, 'etc/ld.so.conf': '/usr/local/lib\n/usr/lib\n' },
    },
    {
      name: 'busybox',
      version: '1.38.0-r1',
      depends: 'merged-bin so:libc.so.6',
      provides: 'cmd:sh=1.38.0-r1',
      priority: 10,
      files: { 'usr/bin/busybox': await file(program) },
    },
    {
      name: 'jq',
      version: '1.8.1-r0',
      depends: ['merged-bin', 'busybox', ...sonames].join(' '),
      provides: 'cmd:jq=1.8.1-r0',
      files: { 'usr/bin/jq': await file(program) },
    },
  ]
}
