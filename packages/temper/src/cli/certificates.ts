import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SecureContext, SecureContextOptions } from 'node:tls'
import { TemperError } from '../base/error.ts'
import { fileError } from '../base/file.ts'
import { home } from './directories.ts'
import type { Host } from './host.ts'

type Environment = Host['env']

/** Where systems keep the authorities that they trust (as Go's crypto/x509 looks for them). */
const systemFiles = [
  'etc/ssl/certs/ca-certificates.crt',
  'etc/pki/tls/certs/ca-bundle.crt',
  'etc/ssl/ca-bundle.pem',
  'etc/pki/tls/cacert.pem',
  'etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  'etc/ssl/cert.pem',
]

/** What the files of a registry's folder add to a connection. */
type HostFiles = Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>

/**
 * What TLS with a host trusts: the authorities of SSL_CERT_FILE and SSL_CERT_DIR when they are set, else those of Node
 * and of the system, with those of NODE_EXTRA_CA_CERTS; and what the host's folder under certs.d adds, as docker and
 * podman read it (containers-certs.d(5)): *.crt are authorities, a *.cert and a *.key of one name prove who we are.
 * Undefined where that is what Node trusts anyway. Read when a host is first connected to. `root` is the folder that
 * the system's files are in.
 */
export function certificates(env: Environment, root = '/'): (host: string) => SecureContext | undefined {
  const contexts = new Map<string, SecureContext | undefined>()
  let trust: Trust | undefined
  let usual: SecureContext | undefined
  return (host) => {
    if (contexts.has(host)) return contexts.get(host)
    // Loading it takes half as long as a command that connects to nobody.
    const { createSecureContext } = process.getBuiltinModule('node:tls')
    trust ??= trustedAuthorities(env, root)
    const own = hostFiles(host, hostFolders(env, root))
    if (own === undefined && trust.asNode) return undefined
    // Reading hundreds of authorities takes its time: once for all hosts that have no files of their own.
    if (own === undefined) usual ??= createSecureContext({ ca: [...trust.authorities()] })
    const context =
      own === undefined
        ? usual
        : createSecureContext({ ...own, ca: [...trust.authorities(), ...[own.ca ?? []].flat()] })
    contexts.set(host, context)
    return context
  }
}

interface Trust {
  /** PEM. */
  authorities(): readonly (string | Buffer)[]
  /** Whether Node trusts just these when it is told nothing. */
  readonly asNode: boolean
}

function trustedAuthorities(env: Environment, root: string): Trust {
  const { getCACertificates } = process.getBuiltinModule('node:tls')
  const file = env['SSL_CERT_FILE']
  const folders = env['SSL_CERT_DIR']?.split(':').filter((folder) => folder !== '') ?? []
  if (file || folders.length > 0) {
    const named = file ? [readNamed(file)] : []
    const all = [...named, ...folders.flatMap(readFolder), ...getCACertificates('extra')]
    return { authorities: () => all, asNode: false }
  }
  const system = systemFiles.map((path) => readIfThere(join(root, path))).find((text) => text !== undefined)
  const known = getCACertificates('default')
  const bodies = new Set(known.map(bodyOf))
  const further = (system?.match(certificate) ?? []).filter((pem) => !bodies.has(bodyOf(pem)))
  return { authorities: () => [...known, ...further], asNode: further.length === 0 }
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** A certificate without what its writers do differently: line lengths and line breaks. */
function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s+/g, '')
}

/** Folders of the person first, then those of the machine. */
function hostFolders(env: Environment, root: string): readonly string[] {
  return [
    join(home(env), '.config/containers/certs.d'),
    join(home(env), '.config/docker/certs.d'),
    join(root, 'etc/containers/certs.d'),
    join(root, 'etc/docker/certs.d'),
  ]
}

/** The first folder that there is for "registry.example:5000". */
function hostFiles(host: string, folders: readonly string[]): HostFiles | undefined {
  for (const folder of host.startsWith('.') ? [] : folders) {
    const place = join(folder, host)
    const names = namesIn(place)
    if (names.length === 0) continue
    const read = (name: string) => readNamed(join(place, name))
    const pairs = names.flatMap((name) => {
      const key = name.replace(/\.cert$/, '.key')
      return name.endsWith('.cert') && names.includes(key) ? [{ cert: read(name), key: read(key) }] : []
    })
    return {
      ca: names.filter((name) => name.endsWith('.crt')).map(read),
      cert: pairs.map(({ cert }) => cert),
      key: pairs.map(({ key }) => key),
    }
  }
  return undefined
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    // Not there, or not for this user: then it says nothing.
    return []
  }
}

function readFolder(folder: string): readonly string[] {
  return namesIn(folder).flatMap((name) => {
    const text = readIfThere(join(folder, name))
    return text?.includes('-----BEGIN CERTIFICATE-----') ? [text] : []
  })
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function readNamed(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('read', path, error)
    throw new TemperError('bad-configuration', `There is no file of certificates at ${path}`)
  }
}
