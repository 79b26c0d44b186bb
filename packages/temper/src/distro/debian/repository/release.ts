import { type Digest, sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { redactUrl } from '../../../base/http/redact.ts'
import { verifyClearsigned, verifyDetached } from '../../../formats/crypto/openpgp.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'
import { offlineError, requestOptions, requireNetwork } from '../../shared/fetching/access.ts'
import type { Mirror } from '../../shared/fetching/mirror.ts'
import { SeenReleases } from '../../shared/fetching/seen.ts'
import { parseReleaseFile, type ReleaseFile } from './release-file.ts'
import { recallRelease, rememberRelease, type SignedRelease } from './release-memory.ts'
import { absences, type SuiteRequest, suiteTitle, suiteUrl } from './suite.ts'

/** A Release file whose signature, name and dates were found good. */
export interface VerifiedRelease {
  readonly mirror: Mirror
  readonly file: ReleaseFile
  /** Digest of the signed text. */
  readonly digest: Digest
  /** Digest of the bytes as served. */
  readonly signed: Digest
  readonly signedBy: readonly string[]
}

/** Clocks differ: a file may be this much (milliseconds) from the future. */
const tolerance = 10_000
const releaseLimit = 16 * 1024 * 1024
const signatureLimit = 1024 * 1024

/**
 * Fetches the Release file of a suite from one mirror and checks it: signature first, then that it is the
 * suite asked for, that it is valid at `now` (for a snapshot: at the snapshot's time), and that no newer one
 * was used before. Errors: `signature-invalid`, `bad-index`, `release-expired`, `release-rollback`,
 * `network`, `unauthorized`, `limit-exceeded`.
 */
export async function fetchRelease(
  request: SuiteRequest,
  mirror: Mirror,
  options: { readonly access: ArchiveAccess; readonly now: Date },
): Promise<VerifiedRelease> {
  const what = `the Release file of ${suiteTitle(request)}`
  requireNetwork(options.access, what)
  const served = await fetchSigned(request, mirror, options.access)
  const signed = sha256(served.signature ? Buffer.concat([served.bytes, served.signature]) : served.bytes)
  const release = await verifySigned(served, signed, { ...options, request, what })
  const file = parseReleaseFile(release.text, what)
  checkName(file, request, what)
  checkTimes(file, mirror.snapshot ?? options.now, what)
  await checkOrder(file, request, options.access, what)
  return { mirror, file, digest: sha256(release.text), signed, signedBy: release.signedBy }
}

/** Remembers a release whose indices were all read: later runs refuse older ones, and offline ones use it. */
export async function rememberSeen(
  request: SuiteRequest,
  release: VerifiedRelease,
  access: ArchiveAccess,
): Promise<void> {
  await new SeenReleases(access).write(request.identity, {
    repository: request.repository,
    suite: request.suite,
    address: release.mirror.address,
    date: release.file.date.toISOString(),
    signed: release.signed,
  })
}

/** The release used last, from the cache alone. Errors: `offline`. */
export async function recallSeen(
  request: SuiteRequest,
  options: { readonly access: ArchiveAccess; readonly now: Date },
): Promise<VerifiedRelease> {
  const { access, now } = options
  const what = `the Release file of ${suiteTitle(request)}`
  const seen = await new SeenReleases(access).read(request.identity, request.suite)
  const release = seen ? await recallRelease(access, seen.signed, { keys: request.keys, now }) : undefined
  if (!seen || !release) throw offlineError(what)
  const file = parseReleaseFile(release.text, what)
  if (file.validUntil && file.validUntil.getTime() < now.getTime()) {
    access.progress.warn(
      `${suiteTitle(request)} is from the cache and was valid until ${day(file.validUntil)}`,
    )
  }
  return {
    mirror: { address: seen.address, from: 'lock' },
    file,
    digest: sha256(release.text),
    signed: seen.signed,
    signedBy: release.signedBy,
  }
}

interface Served {
  readonly bytes: Uint8Array
  /** Release.gpg, when there was no InRelease. */
  readonly signature?: Uint8Array
}

/** InRelease, or Release with Release.gpg where a repository has only these. */
async function fetchSigned(request: SuiteRequest, mirror: Mirror, access: ArchiveAccess): Promise<Served> {
  const fetch = async (name: string, limit: number, expect: readonly number[]) => {
    const url = suiteUrl(mirror, request, name)
    const what = `${name} of ${suiteTitle(request)}`
    const response = await access.http.request(url, { ...requestOptions(access, url), what, expect })
    if (response.status === 200) return response.bytes(limit)
    await response.close()
    return undefined
  }
  const optional = [200, ...absences]
  const inRelease = await fetch('InRelease', releaseLimit, optional)
  if (inRelease) return { bytes: inRelease }
  const bytes = await fetch('Release', releaseLimit, optional)
  const signature = bytes && (await fetch('Release.gpg', signatureLimit, optional))
  if (bytes && signature) return { bytes, signature }
  if (bytes) throw unsigned(request, mirror)
  // Ask again so that the error names the file that every archive should have.
  await fetch('InRelease', releaseLimit, [200])
  throw new TemperError('network', `${suiteUrl(mirror, request, 'InRelease')} is there only some of the time`)
}

function unsigned(request: SuiteRequest, mirror: Mirror): TemperError {
  return new TemperError(
    'signature-invalid',
    `${suiteTitle(request)} is not signed: ${redactUrl(mirror.address)} has its Release file, but neither InRelease nor Release.gpg`,
    { hint: 'Unsigned repositories are not used. Ask who runs it to sign it, or sign a copy of your own.' },
  )
}

async function verifySigned(
  served: Served,
  signed: Digest,
  options: {
    readonly access: ArchiveAccess
    readonly now: Date
    readonly request: SuiteRequest
    readonly what: string
  },
): Promise<SignedRelease> {
  const { access, now, what } = options
  const { keys } = options.request
  const known = await recallRelease(access, signed, { keys, now })
  if (known) return known
  const check = { keys, now: new Date(now.getTime() + tolerance), what }
  const release: SignedRelease = served.signature
    ? { text: decode(served.bytes), ...(await verifyDetached(served.bytes, served.signature, check)) }
    : await verifyClearsigned(served.bytes, check)
  await rememberRelease(access, signed, { keys, release })
  return release
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/**
 * A suite has to be the one that was asked for: another one of the same archive has the same signature. Repositories of
 * others need not say what theirs is called.
 */
function checkName(file: ReleaseFile, request: SuiteRequest, what: string): void {
  if (request.suite.endsWith('/')) return
  const names = [file.codename, file.suite].filter((name) => name !== undefined)
  if (names.length === 0 && request.foreign) return
  // "stretch/updates" is one of stretch.
  const folder = request.suite.replace(/\/[^/]*$/, '')
  if (names.includes(request.suite) || names.includes(folder)) return
  throw new TemperError(
    'bad-index',
    `${what}: expected the suite ${request.suite}, found ${names.join(', ') || 'no name'}`,
    { hint: 'The mirror serves another suite under this name; use another mirror.' },
  )
}

function checkTimes(file: ReleaseFile, at: Date, what: string): void {
  if (file.date.getTime() > at.getTime() + tolerance) {
    throw new TemperError(
      'release-expired',
      `${what} is not valid yet: it is dated ${file.date.toISOString()}`,
      {
        hint: 'Check the clock of this machine.',
        details: { date: file.date.toISOString(), now: at.toISOString() },
      },
    )
  }
  if (file.validUntil && file.validUntil.getTime() < at.getTime()) {
    const until = file.validUntil.toISOString()
    throw new TemperError('release-expired', `${what} was valid until ${until} and has expired`, {
      hint: 'The mirror is out of date, or the clock of this machine is wrong. Use another mirror.',
      details: { validUntil: until, now: at.toISOString() },
    })
  }
}

async function checkOrder(
  file: ReleaseFile,
  request: SuiteRequest,
  access: ArchiveAccess,
  what: string,
): Promise<void> {
  const all = new SeenReleases(access)
  const seen = await all.read(request.identity, request.suite)
  if (!seen || file.date.getTime() >= Date.parse(seen.date)) return
  throw new TemperError(
    'release-rollback',
    `${what} is of ${file.date.toISOString()}, older than the one of ${seen.date} used before`,
    {
      hint: `The mirror is out of date or goes back in time: use another one. To accept it, remove ${all.path(request.identity, request.suite)}.`,
      details: { date: file.date.toISOString(), seen: seen.date },
    },
  )
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
