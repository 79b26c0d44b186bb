import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLayout } from '../../../temper/src/oci/layout/layout.ts'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'
import { tryGoTool } from '../../../temper/test/support/go-tool.ts'
import { pushImage, smallImage } from '../../../temper/test/support/small-image.ts'
import { type RunningServer, serve } from '../../src/server.ts'
import { settingsFrom } from '../../src/settings-sources.ts'

/* The programs that people push and pull with, and the specification's own suite, against the service. */

const run = promisify(execFile)
const root = process.getuid?.() === 0
const [skopeo, oras, podman, buildah] = [
  await tryDebianTool('skopeo'),
  await tryDebianTool('oras', { from: 'trixie' }),
  root ? await tryDebianTool('podman') : undefined,
  root ? await tryDebianTool('buildah') : undefined,
]
const [crane, cosign, conformance] = [
  await tryGoTool('crane'),
  await tryGoTool('cosign'),
  await tryGoTool('conformance'),
]

let folder = ''
let server: RunningServer
let host = ''
let env: NodeJS.ProcessEnv = {}
/** Layout of a small image, and its digest. */
let image: { readonly layout: string; readonly digest: string }

const call = async (program: string | undefined, args: readonly string[]) =>
  (await run(program ?? '', [...args], { cwd: folder, env, maxBuffer: 16 << 20 })).stdout.trim()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-clients-'))
  server = await serve(settingsFrom({ environment: {}, given: { data: join(folder, 'data'), port: 0 } }))
  host = new URL(server.url).host
  const sample = smallImage()
  const layout = join(folder, 'image')
  const store = openLayout(layout)
  await pushImage(store, sample)
  await store.tag(sample.root, 'latest')
  image = { layout, digest: sample.root.digest }
  const auth = Buffer.from(`anybody:${server.token}`).toString('base64')
  const logins = JSON.stringify({ auths: { [host]: { auth } } })
  await writeFile(join(folder, 'config.json'), logins)
  await writeFile(
    join(folder, 'storage.conf'),
    `[storage]\ndriver = "vfs"\ngraphroot = "${join(folder, 'graph')}"\nrunroot = "${join(folder, 'run')}"\n`,
  )
  env = {
    ...process.env,
    HOME: folder,
    DOCKER_CONFIG: folder,
    REGISTRY_AUTH_FILE: join(folder, 'config.json'),
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    COSIGN_PASSWORD: 'a password',
  }
}, 120_000)
afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

describe.skipIf(conformance === undefined)('the suite of the specification', () => {
  it.each(['1.1', 'dev'])('passes in all its parts: %s', async (version) => {
    const suite = {
      ...env,
      OCI_REGISTRY: host,
      OCI_TLS: 'disabled',
      OCI_REPO1: `conformance/${version}/one`,
      OCI_REPO2: `conformance/${version}/two`,
      OCI_USERNAME: 'anybody',
      OCI_PASSWORD: server.token,
      OCI_VERSION: version,
      OCI_RESULTS_DIR: join(folder, `results-${version}`),
    }
    const { stdout } = await run(conformance ?? '', [], { cwd: folder, env: suite, maxBuffer: 64 << 20 })
    const count = (name: string) => Number(new RegExp(`^ *${name}\\.*: +(\\d+)$`, 'm').exec(stdout)?.[1])
    expect([count('FAIL'), count('Error')]).toEqual([0, 0])
    expect(count('Pass')).toBeGreaterThan(850)
  })
})

describe.skipIf(skopeo === undefined)('skopeo', () => {
  it('pushes, lists, copies and deletes', async () => {
    const to = `docker://${host}/skopeo/image`
    const plain = ['--dest-tls-verify=false']
    await call(skopeo, ['copy', ...plain, `oci:${image.layout}`, `${to}:1`])
    await call(skopeo, [
      'copy',
      ...plain,
      '--src-tls-verify=false',
      `${to}:1`,
      `docker://${host}/skopeo/copy:2`,
    ])
    const listed = await call(skopeo, ['list-tags', '--tls-verify=false', to])
    expect(JSON.parse(listed)).toMatchObject({ Tags: ['1'] })
    const digest = await call(skopeo, ['inspect', '--tls-verify=false', '--format', '{{.Digest}}', `${to}:1`])
    expect(digest).toBe(image.digest)
    await call(skopeo, ['delete', '--tls-verify=false', `${to}:1`])
    await expect(call(skopeo, ['inspect', '--tls-verify=false', `${to}:1`])).rejects.toThrow(
      'manifest unknown',
    )
    await call(skopeo, ['inspect', '--tls-verify=false', `docker://${host}/skopeo/copy:2`])
  })
})

describe.skipIf(crane === undefined)('crane', () => {
  it('pushes, validates, mounts, lists and pulls', async () => {
    const reference = `${host}/crane/image:1`
    await call(crane, ['push', '--insecure', image.layout, reference])
    await call(crane, ['validate', '--insecure', '--remote', reference])
    await call(crane, ['copy', '--insecure', reference, `${host}/crane/other:2`])
    expect(await call(crane, ['digest', '--insecure', `${host}/crane/other:2`])).toBe(image.digest)
    expect((await call(crane, ['catalog', '--insecure', host])).split('\n')).toEqual(
      expect.arrayContaining(['crane/image', 'crane/other']),
    )
    await call(crane, ['pull', '--insecure', '--format=oci', reference, 'pulled'])
    expect(JSON.parse(await readFile(join(folder, 'pulled/index.json'), 'utf8'))).toMatchObject({
      manifests: [{ digest: image.digest }],
    })
  })
})

describe.skipIf(oras === undefined)('oras', () => {
  it('attaches a file to an image, finds it and gets it back', async () => {
    const reference = `${host}/oras/image:1`
    await call(oras, ['copy', '--from-oci-layout', `${image.layout}:latest`, '--to-plain-http', reference])
    await writeFile(join(folder, 'note.txt'), 'a note')
    await call(oras, [
      'attach',
      '--plain-http',
      '--artifact-type',
      'text/note',
      reference,
      'note.txt:text/plain',
    ])
    const discovered = JSON.parse(
      await call(oras, ['discover', '--plain-http', '--output', 'json', reference]),
    ) as {
      readonly manifests: readonly { readonly artifactType: string; readonly digest: string }[]
    }
    expect(discovered.manifests).toMatchObject([{ artifactType: 'text/note' }])
    const out = join(folder, 'note')
    await call(oras, [
      'pull',
      '--plain-http',
      '-o',
      out,
      `${host}/oras/image@${discovered.manifests[0]?.digest}`,
    ])
    expect(await readFile(join(out, 'note.txt'), 'utf8')).toBe('a note')
  })
})

describe.skipIf(oras === undefined)('oras, with a folder of files', () => {
  const plain = ['--plain-http']
  const place = () => `${host}/files`
  const asJson = async <T>(...args: readonly string[]) => JSON.parse(await call(oras, args)) as T
  const digestOf = async (reference: string) =>
    (await asJson<{ digest: string }>('manifest', 'fetch', '--descriptor', ...plain, reference)).digest

  it('logs in with a token alone', async () => {
    const elsewhere = ['--registry-config', join(folder, 'oras.json')]
    const login = (password: string) =>
      call(oras, ['login', ...plain, ...elsewhere, '-u', 'me', '-p', password, host])
    await expect(login('wrong')).rejects.toThrow(/401|unauthorized/i)
    await login(server.token ?? '')
    await call(oras, ['repo', 'ls', ...plain, ...elsewhere, host])
  })

  it('pushes, tags, lists and pulls', async () => {
    await mkdir(join(folder, 'docs/deep'), { recursive: true })
    await writeFile(join(folder, 'docs/deep/a.txt'), 'deep')
    await writeFile(join(folder, 'big.bin'), Buffer.alloc(20 << 20, 7))
    const kind = ['--artifact-type', 'application/vnd.shop.files', '--annotation', 'team=shop']
    const pushed = ['docs/:application/vnd.shop.docs', 'big.bin:application/octet-stream']
    await call(oras, ['push', ...plain, ...kind, `${place()}:1`, ...pushed])
    // Again, with blobs that are there already.
    await call(oras, ['push', ...plain, ...kind, `${place()}:2,three`, ...pushed])
    await call(oras, ['tag', ...plain, `${place()}:1`, 'latest', 'stable'])
    const tags = await call(oras, ['repo', 'tags', ...plain, place()])
    expect(tags.split('\n')).toEqual(['1', '2', 'latest', 'stable', 'three'])
    expect(await call(oras, ['repo', 'tags', ...plain, '--last', 'latest', place()])).toBe('stable\nthree')
    expect((await call(oras, ['repo', 'ls', ...plain, host])).split('\n')).toContain('files')
    expect(await digestOf(`${place()}:stable`)).toBe(await digestOf(`${place()}:1`))
    await call(oras, ['pull', ...plain, '-o', join(folder, 'got'), `${place()}:stable`])
    expect(await readFile(join(folder, 'got/docs/deep/a.txt'), 'utf8')).toBe('deep')
    expect(await readFile(join(folder, 'got/big.bin'))).toEqual(Buffer.alloc(20 << 20, 7))
  })

  it('attaches to what is attached, and copies all of it elsewhere and out', async () => {
    await writeFile(join(folder, 'scan.json'), '{}')
    const attach = (to: string) =>
      asJson<{ digest: string }>(
        'attach',
        ...plain,
        '--format',
        'json',
        '--artifact-type',
        'text/scan',
        to,
        'scan.json:application/json',
      )
    const first = await attach(`${place()}:1`)
    const second = await attach(`${place()}@${first.digest}`)
    interface Tree {
      readonly digest: string
      readonly manifests: readonly Tree[]
    }
    const tree = async (reference: string) => {
      const [one] = (await asJson<Tree>('discover', ...plain, '--format', 'json', reference)).manifests
      const [two] = (
        await asJson<Tree>('discover', ...plain, '--format', 'json', `${place()}@${first.digest}`)
      ).manifests
      return [one?.digest, two?.digest]
    }
    expect(await tree(`${place()}:1`)).toEqual([first.digest, second.digest])
    const none = await asJson<Tree>(
      'discover',
      ...plain,
      '--format',
      'json',
      '--artifact-type',
      'text/other',
      `${place()}:1`,
    )
    expect(none.manifests).toEqual([])
    const [from, to] = ['--from-plain-http', '--to-plain-http']
    await call(oras, ['copy', '--recursive', from, to, `${place()}:1`, `${host}/files/copy:7`])
    const copied = await asJson<Tree>('discover', ...plain, '--format', 'json', `${host}/files/copy:7`)
    expect(copied.manifests.map(({ digest }) => digest)).toEqual([first.digest])
    await call(oras, [
      'copy',
      '--recursive',
      from,
      '--to-oci-layout',
      `${host}/files/copy:7`,
      `${join(folder, 'layout')}:7`,
    ])
    await call(oras, [
      'copy',
      '--recursive',
      '--from-oci-layout',
      to,
      `${join(folder, 'layout')}:7`,
      `${host}/files/back:7`,
    ])
    expect(await digestOf(`${host}/files/back:7`)).toBe(await digestOf(`${place()}:1`))
    expect(await digestOf(`${host}/files/back@${second.digest}`)).toBe(second.digest)
  })

  it('reads and writes manifests and blobs one by one, and deletes them', async () => {
    const repository = `${host}/files/single`
    const { digest } = await asJson<{ digest: string }>(
      'blob',
      'push',
      ...plain,
      '--descriptor',
      repository,
      'scan.json',
    )
    expect(await call(oras, ['blob', 'fetch', ...plain, '--output', '-', `${repository}@${digest}`])).toBe(
      '{}',
    )
    const manifest = await call(oras, ['manifest', 'fetch', ...plain, `${place()}:2`])
    await writeFile(join(folder, 'manifest.json'), manifest)
    // Its blobs are not in this repository.
    await expect(
      call(oras, ['manifest', 'push', ...plain, `${repository}:1`, 'manifest.json']),
    ).rejects.toThrow(/unknown|not found/i)
    const other = `${place()}:2`
    const deleted = await digestOf(other)
    await call(oras, ['manifest', 'delete', ...plain, '--force', `${place()}@${deleted}`])
    await expect(digestOf(other)).rejects.toThrow(/not found/)
    await call(oras, ['blob', 'delete', ...plain, '--force', `${repository}@${digest}`])
    await expect(
      call(oras, ['blob', 'fetch', ...plain, '--descriptor', `${repository}@${digest}`]),
    ).rejects.toThrow(/not found/)
  })
})

describe.skipIf(cosign === undefined || crane === undefined)('cosign', () => {
  it('signs, attests and verifies', async () => {
    const reference = `${host}/cosign/image:1`
    await call(crane, ['push', '--insecure', image.layout, reference])
    await call(cosign, ['generate-key-pair'])
    const subject = `${host}/cosign/image@${image.digest}`
    const offline = ['--tlog-upload=false', '--allow-insecure-registry', '--yes']
    await call(cosign, ['sign', '--key', 'cosign.key', ...offline, subject])
    await writeFile(join(folder, 'predicate.json'), '{"a":1}')
    await call(cosign, [
      'attest',
      '--key',
      'cosign.key',
      '--predicate',
      'predicate.json',
      ...offline,
      subject,
    ])
    const verify = ['--key', 'cosign.pub', '--insecure-ignore-tlog=true', '--allow-insecure-registry']
    expect(await call(cosign, ['verify', ...verify, subject])).toContain(image.digest)
    expect(await call(cosign, ['verify-attestation', ...verify, subject])).toContain('payload')
  })
})

describe.skipIf(podman === undefined || skopeo === undefined)('podman', () => {
  it('logs in, pulls and pushes', async () => {
    const login = { ...env, REGISTRY_AUTH_FILE: join(folder, 'podman.json') }
    const podmanWith = async (...args: readonly string[]) =>
      (await run(podman ?? '', [...args], { cwd: folder, env: login })).stdout.trim()
    await expect(podmanWith('login', '--tls-verify=false', '-u', 'me', '-p', 'wrong', host)).rejects.toThrow(
      /invalid username\/password|unauthorized/i,
    )
    await podmanWith('login', '--tls-verify=false', '-u', 'me', '-p', server.token ?? '', host)
    await call(skopeo, [
      'copy',
      '--dest-tls-verify=false',
      `oci:${image.layout}`,
      `docker://${host}/podman/base:1`,
    ])
    await podmanWith('pull', '--tls-verify=false', `${host}/podman/base:1`)
    const id = await podmanWith('images', '--quiet')
    await podmanWith('push', '--tls-verify=false', id, `${host}/podman/image:1`)
    await podmanWith('rmi', '--force', id)
    await podmanWith('pull', '--tls-verify=false', `${host}/podman/image:1`)
    expect(await podmanWith('images', '--quiet')).toBe(id)
  })
})

describe.skipIf(buildah === undefined)('buildah', () => {
  it('logs in, pushes what it made, and makes something else from it', async () => {
    const login = { ...env, REGISTRY_AUTH_FILE: join(folder, 'buildah.json') }
    const buildahWith = async (...args: readonly string[]) =>
      (await run(buildah ?? '', [...args], { cwd: folder, env: login })).stdout.trim()
    const plain = '--tls-verify=false'
    await expect(buildahWith('login', plain, '-u', 'me', '-p', 'wrong', host)).rejects.toThrow(
      /invalid username\/password|unauthorized/i,
    )
    await buildahWith('login', plain, '-u', 'me', '-p', server.token ?? '', host)
    await writeFile(join(folder, 'note.txt'), 'a note')
    const made = await buildahWith('from', 'scratch')
    await buildahWith('copy', made, 'note.txt', '/note.txt')
    await buildahWith('commit', made, 'note')
    await buildahWith('push', plain, 'note', `docker://${host}/buildah/note:1`)
    await buildahWith('rmi', '--force', '--all')
    const again = await buildahWith('from', plain, `${host}/buildah/note:1`)
    await buildahWith('config', '--label', 'of=note', again)
    await buildahWith('commit', '--rm', again, 'other')
    await buildahWith('push', plain, 'other', `docker://${host}/buildah/other:1`)
    const listed = await fetch(`${server.url}/v2/buildah/other/tags/list`, {
      headers: { Authorization: `Bearer ${server.token}` },
    })
    expect(await listed.json()).toEqual({ name: 'buildah/other', tags: ['1'] })
  })
})
