import { dirname, resolve } from 'node:path'
import { loadVerificationKeys } from '../../attest/key/keys.ts'
import { readTrustFile, ruleFor, type TrustFile, type TrustRule } from '../../attest/trust/trust-file.ts'
import { tryUtf8 } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists } from '../../base/file.ts'
import type { Trust, TrustedIdentity, VerificationKey } from '../../model/attestation.ts'
import type { Descriptor } from '../../model/image.ts'
import type { Reference } from '../../model/reference.ts'
import type { Store } from '../../model/store.ts'
import type { Context } from '../context.ts'
import { nameOf, repositoryOf } from '../image/name.ts'
import { type Attached, type JudgeOptions, judgeAttached } from './attached.ts'
import { admitted, type ImageTrust } from './image-trust.ts'

/** Most bytes of a trust file. */
const fileLimit = 1 << 20

/**
 * Whom the person's trust file trusts about an image: by the first rule that fits its repository. Undefined
 * without a file, and when no rule fits: then nobody is trusted. Throws `bad-trust`.
 */
export async function trustFor(
  reference: Reference,
  context: Context,
  options: TrustForOptions = {},
): Promise<ImageTrust | undefined> {
  const path = options.file ?? context.trustFile
  if (path === undefined) return undefined
  const { file, absolute } = await loadTrustFile(path, context)
  const rule = ruleFor(file, options.name?.replace(/:[^/:]+$/, '') ?? repositoryOf(reference))
  if (rule === undefined) return undefined
  const name = options.name ?? nameOf(reference)
  const { trustedRoot } = options
  return await imageTrust(rule, { file, path: absolute, name, trustedRoot }, context)
}

export interface TrustForOptions {
  /** Trust file in place of the person's own. */
  readonly file?: string
  /** What the image is called in place of its reference: "HOST/REPOSITORY:TAG". */
  readonly name?: string
  /** Trusted root in place of that of the file. */
  readonly trustedRoot?: string
}

/**
 * What is attached to a manifest and is trusted: signed as the person's trust file wants it for this image, and
 * nothing else. Empty without a file or a rule. `keep` says whose statements are handed on.
 */
export async function trustedAttached(
  source: { readonly store: Store; readonly reference: Reference },
  subject: Descriptor,
  options: JudgeOptions & { readonly context: Context },
): Promise<readonly Attached[]> {
  const { context, ...judging } = options
  const image = await trustFor(source.reference, context)
  if (image === undefined) return []
  const attached = await judgeAttached(source.store, subject, { ...judging, trust: image.trust })
  return attached.map((each) => admitted(each, image)).filter(({ verified }) => verified)
}

/** Reads a trust file; a path that is not absolute starts from the person's folder. Throws `bad-trust`, `not-found`. */
export async function loadTrustFile(
  path: string,
  context: Pick<Context, 'workingDir'>,
): Promise<{ readonly file: TrustFile; readonly absolute: string; readonly text: string }> {
  const absolute = resolve(context.workingDir, path)
  const bytes = await readFileIfExists(absolute)
  if (bytes === undefined)
    throw new TemperError('not-found', `There is no trust file ${path}`, {
      next: { action: 'make-trust-file' },
    })
  const text = bytes.length > fileLimit ? undefined : tryUtf8(bytes)
  if (text === undefined)
    throw new TemperError('bad-trust', `${path}: expected UTF-8 text of at most ${fileLimit} bytes`)
  return { file: readTrustFile(await parseTrustText(text, path), path), absolute, text }
}

/** The value that a trust file's YAML stands for, unchecked. Throws `bad-trust`. */
export async function parseTrustText(text: string, path: string): Promise<unknown> {
  const { parse, YAMLError } = await import('yaml')
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    if (!(error instanceof YAMLError || error instanceof ReferenceError)) throw error
    throw new TemperError('bad-trust', `${path}: ${error.message.split('\n')[0]}`, { cause: error })
  }
}

async function imageTrust(
  rule: TrustRule,
  place: {
    readonly file: TrustFile
    readonly path: string
    readonly name: string | undefined
    readonly trustedRoot: string | undefined
  },
  context: Context,
): Promise<ImageTrust> {
  const { file, path, name } = place
  const { keys, identities, idsOf } = await signersOf(rule, file, path)
  const ageOf = ({ maxAge = rule.maxAge }: { readonly maxAge?: number }) =>
    maxAge === undefined ? {} : { maxAge }
  const require = rule.require.map((each) => ({
    type: each.type,
    signedBy: idsOf(each.signedBy ?? rule.signedBy),
    ...ageOf(each),
  }))
  const trust: Trust = { keys, identities }
  const root =
    place.trustedRoot ??
    (file.trustedRoot === undefined ? undefined : resolve(dirname(path), file.trustedRoot))
  const aged = require.some(({ maxAge }) => maxAge !== undefined)
  const services = await neededServices({ root, aged }, trust, context)
  if (rule.name && name === undefined)
    throw new TemperError(
      'bad-usage',
      `The rule for ${rule.images.join(', ')} asks for the name of the image, and it has none here`,
      {
        next: { action: 'name-image' },
      },
    )
  return {
    rule: rule.images.join(', '),
    trust: services === undefined ? trust : { ...trust, services },
    require,
    otherwise: { signedBy: idsOf(rule.signedBy), ...ageOf({}) },
    now: context.now(),
    ...(rule.name && name !== undefined ? { name } : {}),
  }
}

/** The signers that a rule names; `idsOf` tells the ids under which their signatures are found. */
interface Signers extends Pick<Trust, 'keys' | 'identities'> {
  idsOf(names: readonly string[]): readonly string[]
}

async function signersOf(rule: TrustRule, file: TrustFile, path: string): Promise<Signers> {
  const needed = new Set([...rule.signedBy, ...rule.require.flatMap(({ signedBy }) => signedBy ?? [])])
  const keys = new Map<string, VerificationKey>()
  const keyIds = new Map<string, readonly string[]>()
  const identities: TrustedIdentity[] = []
  for (const id of needed) {
    const identity = file.identities.get(id)
    if (identity !== undefined) identities.push(identity)
    const key = file.keys.get(id)
    if (key === undefined) continue
    const found = await readTrustKey(key, path)
    for (const each of found) keys.set(each.id, each)
    keyIds.set(
      id,
      found.map((each) => each.id),
    )
  }
  const idsOf = (names: readonly string[]) => names.flatMap((each) => keyIds.get(each) ?? [each])
  return { keys: [...keys.values()], identities, idsOf }
}

async function neededServices(
  { root, aged }: { readonly root: string | undefined; readonly aged: boolean },
  trust: Trust,
  context: Context,
): Promise<Trust['services']> {
  const given = root ?? context.sigstore?.trustedRoot
  // Keys do without; only a time has to be proved by somebody.
  if (trust.identities.length === 0 && (!aged || given === undefined)) return undefined
  const { openTrustedServices } = await import('./trusted-services.ts')
  return await openTrustedServices(root, context)
}

/** A key that the file holds, or that lies beside it. */
export async function readTrustKey(key: string, trustFile: string): Promise<readonly VerificationKey[]> {
  if (key.includes('-----BEGIN')) return loadVerificationKeys({ bytes: Buffer.from(key), where: trustFile })
  const path = resolve(dirname(trustFile), key)
  const bytes = await readFileIfExists(path)
  if (bytes !== undefined) return loadVerificationKeys({ bytes, where: path })
  throw new TemperError('bad-trust', `${trustFile}: there is no key file ${key} beside it`)
}
