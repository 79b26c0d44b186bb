import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  makeKey,
  publish,
  type SampleMirror,
  type SamplePackage,
  startMirror,
} from '../../src/distro/apk/fixtures/repository.ts'
import type { BuildResult } from '../../src/flows/build/result.ts'
import { sampleContext } from '../../src/flows/fixtures/sample-context.ts'
import { inventoryOf } from '../../src/flows/inventory/inventory.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { tryDebianTool } from '../support/debian-tool.ts'
import { tryGoTool } from '../support/go-tool.ts'
import { apk, installedPackages, tryRealAlpine } from '../support/real-alpine.ts'
import { temperJson } from '../support/temper-cli.ts'

/*
 * A real Alpine 3.23: its own apk-tools say whether they know what is in the images; its own programs run in them.
 */

const run = promisify(execFile)
const alpine = await tryRealAlpine()
const [umoci, runc] = alpine === undefined ? [] : [await tryDebianTool('umoci'), await tryDebianTool('runc')]
const [syft, trivy] = alpine === undefined ? [] : [await tryGoTool('syft'), await tryGoTool('trivy')]
const key = makeKey('mirror@example.org-1.rsa.pub')

describe.skipIf(alpine === undefined)('with a real Alpine', () => {
  let folder = ''
  /** A copy of its root file system, which the tests may change. */
  let root = ''
  let mirror: SampleMirror
  let packages: readonly SamplePackage[] = []
  const here = () => ({
    cwd: folder,
    env: { TEMPER_ALPINE_MIRROR: mirror.address, TEMPER_CACHE_DIR: join(folder, 'cache') },
  })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-real-alpine-'))
    root = join(folder, 'root')
    await run('cp', ['-a', alpine ?? '', root])
    mirror = await startMirror()
    packages = await installedPackages(root)
    publish(mirror, 'v3.23/main/x86_64', { key, packages })
    for (const [path, bytes] of mirror.files) {
      const target = join(root, 'mirror', path)
      await mkdir(join(target, '..'), { recursive: true })
      await writeFile(target, bytes)
    }
    await writeFile(join(folder, key.name), key.publicKey)
    await mkdir(join(root, 'new/etc/apk/keys'), { recursive: true })
    for (const keys of ['etc/apk/keys', 'new/etc/apk/keys'])
      await copyFile(join(folder, key.name), join(root, keys, key.name))
    await apk(root, 'add', ...empty, '--initdb')
  }, 600_000)

  afterAll(async () => {
    mirror?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** An empty system that apk plans for. */
  const empty = ['--root', '/new', '--arch', 'x86_64', '--no-network', '-X', '/mirror/v3.23/main']

  async function recipe(name: string, lines: readonly string[]): Promise<string> {
    const common = [`name: ${name}`, 'distribution: alpine-3.23', 'platforms: [linux/amd64]']
    await writeFile(join(folder, `${name}.yaml`), `${[...common, ...lines].join('\n')}\n`)
    return `${name}.yaml`
  }

  async function built(
    name: string,
    lines: readonly string[],
  ): Promise<{ readonly layout: string; readonly tree: string }> {
    const layout = join(folder, `${name}-layout`)
    const result = await temperJson<BuildResult>(['build', await recipe(name, lines), '-o', layout], here())
    expect(result.platforms[0]?.unmodelledEffects).toEqual([])
    await run(umoci ?? '', ['unpack', '--image', `${layout}:latest`, join(folder, name)])
    return { layout, tree: join(folder, name, 'rootfs') }
  }

  it.skipIf(umoci === undefined).each([
    ['static', ['contents: { packages: [ca-certificates-bundle], keyring: ["KEY"] }']],
    [
      'base',
      ['contents: { packages: [alpine-baselayout, alpine-release, ca-certificates], keyring: ["KEY"] }'],
    ],
    ['openssl', ['contents: { packages: [libssl3, libcrypto3], keyring: ["KEY"] }']],
    [
      'shell',
      [
        'contents: { packages: [busybox, busybox-binsh, alpine-baselayout, apk-tools], keyring: ["KEY"] }',
        'hardening: { allow: [{ rule: shell, why: people look around in it }, { rule: package-manager, why: people look around in it }] }',
      ],
    ],
  ])(
    'knows what is in an image: %s',
    async (name, lines) => {
      const { layout, tree } = await built(
        name,
        lines.map((line) => line.replace('KEY', key.name)),
      )
      await cp(tree, join(root, name), { recursive: true, verbatimSymlinks: true })
      const listed = (
        await apk(
          root,
          '--root',
          `/${name}`,
          '--no-network',
          '--repositories-file',
          '/dev/null',
          'info',
          '-v',
        )
      )
        .trim()
        .split('\n')
      const { inventory } = await inventoryOf(
        { kind: 'image', reference: parseReference(`oci:${layout}`) },
        {},
        sampleContext(folder),
      )
      const installed = inventory.components.map(({ name: own, version }) => `${own}-${version}`)
      expect(installed.sort()).toEqual(listed.sort())
      expect(listed.length).toBeGreaterThan(0)
      const audit = await apk(
        root,
        '--root',
        `/${name}`,
        '--no-network',
        '--repositories-file',
        '/dev/null',
        'audit',
        '--system',
        '--check-permissions',
      )
      expect(audit).toBe('')
    },
    120_000,
  )

  it.skipIf(umoci === undefined || syft === undefined || trivy === undefined)(
    'is known to Syft and Trivy',
    async () => {
      const { layout, tree } = await built('scanned', [
        `contents: { packages: [curl], keyring: ["${key.name}"] }`,
      ])
      const { stdout } = await run(syft ?? '', [`oci-dir:${layout}`, '-o', 'json', '-q'], {
        maxBuffer: 64 << 20,
      })
      const theirs = JSON.parse(stdout).artifacts.filter((each: { type: string }) => each.type === 'apk')
      expect(theirs).toHaveLength(14)
      const options = [
        'rootfs',
        '--offline-scan',
        '--skip-db-update',
        '--format',
        'cyclonedx',
        '--cache-dir',
        join(folder, 'trivy'),
      ]
      const { stdout: bill } = await run(trivy ?? '', [...options, tree], { maxBuffer: 64 << 20 })
      expect(bill.match(/"purl": "pkg:apk\/alpine\/[^"]*distro=3\.23/g)).toHaveLength(14)
    },
    120_000,
  )

  it.skipIf(umoci === undefined || runc === undefined)(
    'shakes hands over TLS with the certificates that a recipe adds',
    async () => {
      const [certificate, secret] = [join(folder, 'test.crt'), join(folder, 'test.key')]
      await run('openssl', [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test of Temper'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', secret, '-out', certificate],
      ])
      const answer = { key: await readFile(secret), cert: await readFile(certificate) }
      const server: Server = createServer(answer, (_request, response) => response.end('hello over TLS'))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      try {
        const { tree } = await built('curl', [
          'contents:',
          '  packages: [curl]',
          `  keyring: ["${key.name}"]`,
          '  files: [{ source: test.crt, path: /usr/local/share/ca-certificates/test.crt }]',
          'entrypoint: /usr/bin/curl',
        ])
        const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
        expect(
          await inContainer(join(tree, '..'), ['/usr/bin/curl', '--silent', '--show-error', address]),
        ).toBe('hello over TLS')
      } finally {
        server.close()
      }
    },
    120_000,
  )

  /** Runs a program of an unpacked image in this machine's network, and tells what it writes. */
  async function inContainer(bundle: string, args: readonly string[]): Promise<string> {
    const file = join(bundle, 'config.json')
    const config = JSON.parse(await readFile(file, 'utf8'))
    delete config.process.rlimits
    config.process = { ...config.process, args, terminal: false }
    config.linux.namespaces = config.linux.namespaces.filter(
      ({ type }: { type: string }) => type !== 'network',
    )
    await writeFile(file, JSON.stringify(config))
    return (await run(runc ?? '', ['run', '--bundle', bundle, `temper-alpine-${process.pid}`])).stdout
  }
})
