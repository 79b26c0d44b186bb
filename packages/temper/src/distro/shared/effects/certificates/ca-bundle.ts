import { sha256 } from '../../../../base/digest.ts'
import { TemperError } from '../../../../base/error.ts'
import { readPem } from '../../../../formats/crypto/pem.ts'
import { openSslNameHash, subjectOf } from '../../../../formats/crypto/x509-name.ts'
import type { CommandResult } from '../../scripts/world.ts'
import type { Effect, EffectContext } from '../effect.ts'

const done: CommandResult = { status: 0, output: '' }
const store = 'usr/share/ca-certificates'
const localStore = 'usr/local/share/ca-certificates'
const bundlePath = 'etc/ssl/certs/ca-certificates.crt'

/** A file that holds one trusted certificate. */
export interface CaFile {
  /** In the image, no leading slash. */
  readonly path: string
  /** Name below /etc/ssl/certs. */
  readonly pemName: string
  readonly text: string
  /** DER of its certificate. */
  readonly certificate: Uint8Array
  /** Seconds since 1970. */
  readonly mtime: number
}

/**
 * Effect: certificate authorities as one bundle, one link each, and OpenSSL's links by hash. `opensslFolder` is where
 * OpenSSL's library looks by default (OPENSSLDIR).
 */
export function caBundle(opensslFolder: string): Effect {
  return {
    id: 'ca-bundle',
    title: 'Certificate authorities for TLS',
    why: 'Programs read /etc/ssl/certs/ca-certificates.crt or look certificates up there by the hash of their name.',
    source: 'update-ca-certificates(8); openssl-rehash(1)',
    start(context) {
      return {
        owns: ['etc/ca-certificates.conf*', 'etc/ssl/certs', 'etc/ssl/certs/*', localStore],
        commands: { 'update-ca-certificates': () => done, c_rehash: () => done },
        finish: () => {
          if (context.options.system !== undefined) {
            if (!bringsCertificates(context)) return
            removeOrphans(context)
          }
          makeBundle(context, opensslFolder)
        },
      }
    },
  }
}

/** Whether a package that comes to the system has certificates, or the recipe. */
function bringsCertificates({ packages, stage, options }: EffectContext): boolean {
  if (options.system?.mayLack) {
    const isNew = (path: string) => stage.get(path)?.origin.kind === 'recipe'
    if (filesBelow(stage, localStore).some(isNew)) return true
  }
  return packages.some(({ content }) => content.entries.some(({ path }) => path.startsWith(`${store}/`)))
}

/** Lines of ca-certificates.conf, but for certificates that are no longer there. */
function configured({ stage }: EffectContext): readonly string[] {
  const lines = (stage.text('etc/ca-certificates.conf') ?? '').split('\n').filter((line) => line !== '')
  return lines.filter(
    (line) => line.startsWith('#') || stage.resolve(`${store}/${line.replace(/^!/, '')}`) !== undefined,
  )
}

/** Links to certificates that a new version no longer has: update-ca-certificates(8) takes them away. */
function removeOrphans({ stage }: EffectContext): void {
  const folder = 'etc/ssl/certs'
  for (const name of stage.list(folder)) {
    const path = `${folder}/${name}`
    if (stage.get(path)?.type === 'symlink' && stage.resolve(path) === undefined) stage.remove(path)
  }
}

/** The certificates that the image trusts: of ca-certificates by name, then those that the recipe adds. */
export function caFiles({ stage }: EffectContext): readonly CaFile[] {
  if (!stage.resolve(store) && !stage.resolve(localStore)) return []
  return [...filesBelow(stage, store), ...filesBelow(stage, localStore)].flatMap((path) => {
    const node = stage.resolve(path)
    const text = stage.text(path)
    if (!path.endsWith('.crt') || !node || text === undefined) return []
    const blocks = readPem(text, { what: `/${path}` }).filter(({ label }) => /CERTIFICATE$/.test(label))
    const [block] = blocks
    if (!block || blocks.length !== 1) {
      throw new TemperError('bad-archive', `/${path}: expected one certificate, found ${blocks.length}`, {
        hint: 'Put each certificate into a file of its own, in PEM form, ending in .crt.',
        details: { path: `/${path}`, certificates: blocks.length },
      })
    }
    return [{ path, pemName: pemName(path), text, certificate: block.bytes, mtime: node.mtime }]
  })
}

/** Symlinks to folders are followed, each folder once: links in a circle would have no end. */
function filesBelow(stage: EffectContext['stage'], folder: string): readonly string[] {
  const files: string[] = []
  const seen = new Set<string | undefined>()
  const queue = [folder]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const real = stage.realPath(at)
    if (seen.has(real)) continue
    seen.add(real)
    for (const name of stage.list(at)) {
      const path = `${at}/${name}`
      if (stage.resolve(path)?.type === 'directory') queue.push(path)
      else files.push(path)
    }
  }
  return files.sort()
}

/** The link's name as update-ca-certificates makes it: no spaces, commas or parentheses. */
function pemName(path: string): string {
  const base = path.replace(/^.*\//, '').replace(/\.crt$/, '')
  return `${base.replace(/ /g, '_').replace(/[()]/g, '=').replace(/,/g, '_')}.pem`
}

function makeBundle(context: EffectContext, opensslFolder: string): void {
  const { stage } = context
  const lines = context.options.system === undefined ? [] : configured(context)
  // Somebody has taken those out.
  const refused = new Set(
    lines.flatMap((line) => (line.startsWith('!') ? [`${store}/${line.slice(1)}`] : [])),
  )
  const files = caFiles(context).filter(({ path }) => !refused.has(path))
  const encoder = new TextEncoder()
  if (files.length === 0) return
  const packaged = files.filter(({ path }) => path.startsWith(`${store}/`))
  const listed = new Set(lines)
  const added = packaged.map(({ path }) => path.slice(store.length + 1)).filter((name) => !listed.has(name))
  const names = [...lines, ...added].map((line) => `${line}\n`)
  stage.put({
    path: 'etc/ca-certificates.conf',
    type: 'file',
    mode: 0o644,
    content: encoder.encode(names.join('')),
  })
  // A package may bring the bundle of what is in no store: then the recipe's own are added to it.
  const before = packaged.length === 0 ? (stage.text(bundlePath) ?? '') : ''
  const bundle = before + files.map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`)).join('')
  stage.put({
    path: bundlePath,
    type: 'file',
    mode: 0o644,
    content: encoder.encode(bundle),
  })
  for (const { path, pemName: name } of files)
    stage.put({ path: `etc/ssl/certs/${name}`, type: 'symlink', mode: 0o777, target: `/${path}` })
  for (const [name, target] of hashLinks(files))
    stage.put({ path: `etc/ssl/certs/${name}`, type: 'symlink', mode: 0o777, target })
  linkDefaults(stage, opensslFolder)
  context.note('ca-bundle', `${files.length} certificates`)
}

/** The links may belong to the package of the program `openssl`, which is left out where only maintainer scripts need it. */
function linkDefaults(stage: EffectContext['stage'], opensslFolder: string): void {
  const links = { 'cert.pem': `/${bundlePath}`, certs: '/etc/ssl/certs' }
  for (const [name, target] of Object.entries(links)) {
    const path = `${opensslFolder}/${name}`
    if (!stage.resolve(path)) stage.put({ path, type: 'symlink', mode: 0o777, target })
  }
}

/** `<hash>.<n>` for each certificate, n counting those with equal hashes; a certificate twice has one link. */
function hashLinks(files: readonly CaFile[]): readonly (readonly [name: string, target: string])[] {
  const seen = new Map<string, Set<string>>()
  const links: [string, string][] = []
  for (const { pemName: name, certificate, path } of [...files].sort((a, b) =>
    a.pemName < b.pemName ? -1 : 1,
  )) {
    const subject = subjectOf(certificate)
    const hash = subject && openSslNameHash(subject)
    if (hash === undefined) {
      throw new TemperError('bad-archive', `/${path}: expected an X.509 certificate, found something else`)
    }
    const prints = seen.get(hash) ?? new Set<string>()
    const print = sha256(certificate)
    if (prints.has(print)) continue
    links.push([`${hash}.${prints.size}`, name])
    seen.set(hash, prints.add(print))
  }
  return links
}
