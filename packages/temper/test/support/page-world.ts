import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { LoopbackRegistry } from '../../src/oci/registry/fixtures/loopback/registry.ts'
import { catalogImage, catalogLock, readOtherPlatform } from './catalog.ts'
import { tryDebianTool } from './debian-tool.ts'
import { linkCache } from './linked-cache.ts'
import { temperProgram } from './program.ts'
import { sharedCache } from './temper-cli.ts'

/** What a shell made of a script. */
export interface Ran {
  readonly code: number
  readonly output: string
}

/** Advisories that pages scan with, as OSV has them. */
const advisory = {
  schema_version: '1.6.0',
  id: 'DEBIAN-CVE-2026-0001',
  aliases: ['CVE-2026-0001'],
  modified: '2026-01-10T00:00:00Z',
  published: '2026-01-10T00:00:00Z',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L' }],
  affected: [
    {
      package: { ecosystem: 'Debian:13', name: 'nothing-of-this-name' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.0' }] }],
    },
  ],
}

const xml = `<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components><component type="library">
<name>lodash</name><version>4.17.21</version><purl>pkg:npm/lodash@4.17.21</purl></component></components></bom>
`

/** A signing command with a key of its own, where pages have a key service (docs/reference/signing-command.md). */
const signer = `#!/bin/sh
request=$(cat)
case $(printf '%s' "$request" | jq -r .operation) in
  public-key) openssl pkey -in kms.pem -pubout | jq -Rs '{publicKey: .}' ;;
  sign)
    printf '%s' "$request" | jq -r .payload | base64 -d > payload
    openssl dgst -sha256 -sign kms.pem payload | base64 -w0 | jq -Rs '{signature: .}' ;;
esac
`

/** CSAF 2.0, VEX profile, as far as it is read. */
const csaf = {
  document: {
    category: 'csaf_vex',
    csaf_version: '2.0',
    title: 'Theirs',
    publisher: { category: 'vendor', name: 'They', namespace: 'https://they.example' },
    tracking: {
      id: 'THEY-1',
      status: 'final',
      version: '1',
      initial_release_date: '2026-01-10T00:00:00Z',
      current_release_date: '2026-01-10T00:00:00Z',
      revision_history: [{ date: '2026-01-10T00:00:00Z', number: '1', summary: 'first' }],
    },
  },
  product_tree: {
    full_product_names: [
      { name: 'zlib', product_id: 'zlib', product_identification_helper: { purl: 'pkg:deb/debian/zlib1g' } },
    ],
  },
  vulnerabilities: [{ cve: 'CVE-2026-0002', product_status: { known_not_affected: ['zlib'] } }],
}

/**
 * What the commands of pages expect to be there: a folder with an image that was built, recipes, keys and documents, a
 * registry that goes by the name registry.example, and feeds that can be fetched.
 */
export class PageWorld {
  readonly folder: string
  readonly #registry: LoopbackRegistry
  readonly #feeds: Server
  readonly #env: NodeJS.ProcessEnv

  private constructor(folder: string, registry: LoopbackRegistry, feeds: Server) {
    this.folder = folder
    this.#registry = registry
    this.#feeds = feeds
    this.#env = {
      PATH: `${folder}/bin:${process.env.PATH}`,
      HOME: `${folder}/home`,
      TMPDIR: `${folder}/tmp`,
      TEMPER_CACHE_DIR: `${folder}/cache`,
      TEMPER_KEY_PASSWORD: 'secret',
      COSIGN_PASSWORD: 'secret',
      ...Object.fromEntries(
        ['http_proxy', 'https_proxy', 'no_proxy', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'].map((name) => [
          name,
          process.env[name],
        ]),
      ),
    }
  }

  static async make(): Promise<PageWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'temper-pages-'))
    const feeds = await serveFeeds()
    const world = new PageWorld(folder, await LoopbackRegistry.start(), feeds)
    for (const name of ['bin', 'home/.config/temper', 'tmp', 'root/etc', '.temper'])
      await mkdir(join(folder, name), { recursive: true })
    await world.#write(
      'bin/temper',
      `#!/bin/sh\nexec ${[process.execPath, ...temperProgram].join(' ')} "$@"\n`,
    )
    await chmod(join(folder, 'bin/temper'), 0o755)
    // Build steps on pages run in it.
    await tryDebianTool(process.getuid?.() === 0 ? 'runc' : 'bwrap')
    // As in a clone.
    await symlink('bin/temper', join(folder, 'temper'))
    const address = `http://127.0.0.1:${(feeds.address() as AddressInfo).port}`
    const off = ['osv', 'debian-tracker', 'alpine-secdb', 'wolfi-secdb', 'chainguard-secdb']
    const settings = [
      ...off.map((name) => `  ${name}: off`),
      `  kev: ${address}/kev.json`,
      `  epss: ${address}/epss.csv.gz`,
    ]
    await world.#write('home/.config/temper/config.yaml', `feeds:\n${settings.join('\n')}\n`)
    await world.#furnish()
    return world
  }

  /** Images, keys and documents by the names that pages give them. */
  async #furnish(): Promise<void> {
    const nginx = await catalogImage('nginx')
    await readOtherPlatform()
    // The packages that other tests have fetched, in a cache whose feeds are of no concern to them.
    const own = /^(?:feeds|compile)$/
    await linkCache(sharedCache(), join(this.folder, 'cache'), (name) => !own.test(name))
    for (const name of ['nginx', 'app', 'web', 'old', 'new'])
      await cp(nginx.layout, join(this.folder, name === 'old' || name === 'new' ? name : `out/${name}`), {
        recursive: true,
      })
    await cp(await catalogLock('nginx'), join(this.folder, 'nginx.lock.json'))
    await this.#write(
      'web.yaml',
      'name: web\ncontents:\n  packages: [base-files, ca-certificates, libssl3t64]\n',
    )
    await this.#write(
      'shop.yaml',
      'name: shop\nbase: oci:out/nginx\ncontents:\n  files: [{ source: shop, path: /usr/share/nginx/html }]\n',
    )
    await this.#write(
      'small.yaml',
      'name: small\ncontents: { packages: [curl] }\nentrypoint: [/usr/bin/curl]\nminimize: true\n',
    )
    await this.#write(
      'apko.yaml',
      'contents: { packages: [nginx] }\nentrypoint: { command: /usr/sbin/nginx }\n',
    )
    await this.#write('app.cdx.xml', xml)
    await this.#write('sign-with-kms', signer)
    await chmod(join(this.folder, 'sign-with-kms'), 0o755)
    await this.#write('theirs.csaf.json', JSON.stringify(csaf))
    await this.#write('root/etc/os-release', 'ID=debian\nVERSION_ID="13"\n')
    await this.#write('advisories.ndjson', `${JSON.stringify(advisory)}\n`)
    await this.#write('own.ndjson', `${JSON.stringify(advisory)}\n`)
    await this.#write('.temper/ignore.yaml', 'ignore: []\n')
    await this.#write('.trivyignore', 'CVE-2026-0001\n')
    await this.#write('.grype.yaml', 'ignore:\n  - vulnerability: CVE-2026-0001\n')
    const setup = `
      temper feeds import advisories.ndjson
      temper keys generate -o temper
      temper keys generate -o cosign
      temper push out/nginx registry.example/team/nginx:1.26 registry.example/nginx:1.26
      temper push out/web registry.example/team/web:1 registry.example/team/web:2 registry.example/team/app:1
      temper push out/web registry.example/app:1 registry.example/app:2
      temper sign registry.example/team/nginx:1.26 --key temper.key
      temper sign registry.example/team/web:1 --key temper.key
      temper sbom oci:out/web -f cyclonedx-json -o web.cdx.json
      temper lockdown registry.example/team/nginx:1.26 > web.k8s.yaml
      cp web.cdx.json app.cdx.json; cp web.cdx.json frontend.cdx.json
      temper sbom oci:out/web -o released.spdx.json
      temper vex oci:out/web -o vex.json
      temper copy oci:out/web docker-archive:app.tar:app:1
      temper copy oci:out/web docker-archive:image.tar:web:1
      temper vex oci:out/web -o ours.json
      openssl ecparam -name prime256v1 -genkey -noout -out kms.pem 2> /dev/null`
    const { code, output } = await this.run(setup)
    if (code !== 0) throw new Error(`the world of pages cannot be made: ${output}`)
  }

  async #write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text)
  }

  /** With no locks beside recipes and with nobody trusted, as most readers begin. */
  async refresh(): Promise<void> {
    const made = ['release', 'mine'].flatMap((name) => [`${name}.key`, `${name}.pub`])
    for (const name of ['web.lock.json', 'home/.config/temper/trust.yaml', 'mine.yaml', ...made])
      await rm(join(this.folder, name), { force: true })
  }

  /** Runs a script as a reader would who pastes it: the first command that fails ends it. */
  async run(script: string): Promise<Ran> {
    const own = script.replaceAll('registry.example', this.#registry.host)
    return await new Promise((resolve) => {
      const options = { cwd: this.folder, env: this.#env, timeout: 120_000, maxBuffer: 64 << 20 }
      const child = execFile('bash', ['--norc', '-euc', own], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: `${stderr}${stdout}` }),
      )
      // Nobody is there to answer questions.
      child.stdin?.end()
    })
  }

  async close(): Promise<void> {
    await this.#registry.stop()
    this.#feeds.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function serveFeeds(): Promise<Server> {
  const catalogue = { catalogVersion: '2026.01.10', dateReleased: '2026-01-10T00:00:00Z', count: 1 }
  const entry = { cveID: 'CVE-2026-0001', dateAdded: '2026-01-10', dueDate: '2026-02-10' }
  const scores =
    '#model_version:v2025.03.14,score_date:2026-01-10T00:00:00Z\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\n'
  const kev = JSON.stringify({ ...catalogue, vulnerabilities: [entry] })
  const server = createServer((request, response) =>
    response.end(request.url === '/kev.json' ? kev : gzipSync(scores)),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
