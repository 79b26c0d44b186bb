import { createHash, createPublicKey } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Context,
  checkTrust,
  generateKeyFiles,
  type Identity,
  parseReference,
  publicKeyOf,
  type SigningKey,
  type TrustedRoot,
} from '../temper.ts'
import { type GivenIdentity, nameOfSigner, openIdentity } from './keyless.ts'

/** A key that the settings name, in place of one that the service makes. */
export interface GivenKey {
  readonly key: SigningKey['key']
  readonly passwordFile?: string
}

/** Signers whose signatures count besides those of the current one. */
export interface EarlierSigners {
  /** Files with the public halves of keys. */
  readonly keyFiles: readonly string[]
  readonly identities: readonly Identity[]
}

/** What the settings say of who signs. */
export interface SignerSettings {
  /** Absent: a key that the service makes. */
  readonly given?: GivenKey | GivenIdentity
  /** Absent: nobody. */
  readonly earlier?: EarlierSigners
  /** Which services are believed about identities; absent: what the context says. */
  readonly trustedRoot?: TrustedRoot
}

/** Who signs: a key, by the file with its public half, or an identity, by its name and the provider that gave it. */
type Signer = { readonly publicKey: string } | Identity

/** How the service signs, and whose signatures count as its own. */
export interface OwnSigning extends SigningKey {
  readonly signer: Signer
  /** Folder of the public halves of earlier keys of the service. */
  readonly retired: string
  readonly earlier: EarlierSigners
  readonly trustedRoot?: TrustedRoot
  /** Whether the settings name who signs: then it is replaced there. */
  readonly isGiven: boolean
}

/** The part of it that says whose signatures count. */
type OwnSigners = Pick<OwnSigning, 'signer' | 'retired' | 'earlier' | 'trustedRoot'>

/** A key, known by its public half. */
export interface OwnKey {
  /** As evidence names the signer. */
  readonly id: string
  readonly publicKey: string
  /** When another signer took its place; null: it signs now. */
  readonly retired: Date | null
}

/** An identity, for which a key is certified that lives as long as a signature. */
export interface OwnIdentity extends Identity {
  /** As evidence names the signer. */
  readonly id: string
  /** Null of one that signed before, too: nobody says until when it did. */
  readonly retired: null
}

export type OwnSigner = OwnKey | OwnIdentity

const password = async () => ''
const nobody: EarlierSigners = { keyFiles: [], identities: [] }

/** What decides who signs. */
export interface SigningChoice extends SignerSettings {
  /** Whether a key may be made when there is none: not where others sign with theirs. */
  readonly mayMake: boolean
}

/**
 * The signer of a service: the key or the identity that the settings name, else a key of its own, which is made when there is none. Only the
 * service can read it, and no build is told of it. Undefined when there is none and none may be made. Throws errors of whatever the
 * settings name.
 */
export async function signingKey(
  data: string,
  { given, mayMake, earlier = nobody, trustedRoot }: SigningChoice,
  context: Context,
): Promise<OwnSigning | undefined> {
  const folder = join(data, 'keys')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const retired = join(folder, 'retired')
  await endRotation(folder)
  const opened =
    given === undefined ? await ownKey(folder, mayMake, context) : await openGiven(folder, given, context)
  if (opened === undefined) return undefined
  const signing: OwnSigning = {
    ...opened,
    retired,
    earlier,
    isGiven: given !== undefined,
    ...(trustedRoot === undefined ? {} : { trustedRoot }),
  }
  // A file that is missing, or is none, would make nobody's word of what was signed. Whom it names depends on no image.
  await checkTrust(await ownTrust(signing), parseReference('oci:.'), context)
  return signing
}

type Opened = SigningKey & Pick<OwnSigning, 'signer'>

async function ownKey(folder: string, mayMake: boolean, context: Context): Promise<Opened | undefined> {
  const prefix = join(folder, 'factory')
  if (!(await isThere(`${prefix}.key`))) {
    if (!mayMake) return undefined
    await generateKeyFiles({ prefix, algorithm: 'ecdsa-p256', password }, context)
  }
  return { key: { kind: 'file', path: `${prefix}.key` }, password, signer: { publicKey: `${prefix}.pub` } }
}

async function openGiven(folder: string, given: GivenKey | GivenIdentity, context: Context): Promise<Opened> {
  if ('signer' in given) return { ...(await openIdentity(given, context)), signer: given.signer }
  const { key, passwordFile } = given
  const from: SigningKey = {
    key,
    password: async () =>
      passwordFile === undefined ? '' : (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, ''),
  }
  const { pem } = await publicKeyOf(from, context)
  // Whoever verifies takes files.
  const publicKey = join(folder, 'given.pub')
  await writeFile(`${publicKey}.new`, pem)
  await rename(`${publicKey}.new`, publicKey)
  return { ...from, signer: { publicKey } }
}

/**
 * Puts a new key in place of the signing key, whose private half is deleted. Two rotations must not overlap. Wherever
 * a rotation is interrupted, the next start finds a pair that belongs together. Only for a key that the service made.
 */
export async function rotateKey({ data, signing, context, now }: RotationWorld): Promise<void> {
  const folder = join(data, 'keys')
  const next = join(folder, 'next')
  await mkdir(signing.retired, { recursive: true, mode: 0o700 })
  for (const half of ['key', 'pub']) await rm(`${next}.${half}`, { force: true })
  await generateKeyFiles({ prefix: next, algorithm: 'ecdsa-p256', password }, context)
  // Known before it is retired: nothing that it signed is anybody else's word for a moment.
  const kept = join(signing.retired, `${now().getTime()}.pub`)
  await copyFile(join(folder, 'factory.pub'), kept, constants.COPYFILE_EXCL)
  await rename(`${next}.key`, join(folder, 'factory.key'))
  await endRotation(folder)
}

interface RotationWorld {
  readonly data: string
  readonly signing: OwnSigning
  readonly context: Context
  readonly now: () => Date
}

/** The private half has moved, so that the public one has to follow; or nothing has, and what was made is dropped. */
async function endRotation(folder: string): Promise<void> {
  const next = join(folder, 'next')
  if (await isThere(`${next}.key`))
    for (const half of ['pub', 'key']) await rm(`${next}.${half}`, { force: true })
  else if (await isThere(`${next}.pub`)) await rename(`${next}.pub`, join(folder, 'factory.pub'))
}

/** Whose signatures the service accepts as its own, as verifying takes it. */
export interface OwnTrust {
  /** Files of public keys. */
  readonly keys: readonly string[]
  readonly identities: readonly Identity[]
  readonly trustedRoot?: TrustedRoot
}

export async function ownTrust(signing: OwnSigners): Promise<OwnTrust> {
  const { signer, earlier, trustedRoot } = signing
  const before = await earlierKeyFiles(signing)
  const named = 'publicKey' in signer ? [] : [signer]
  return {
    keys: 'publicKey' in signer ? [signer.publicKey, ...before] : before,
    identities: [...named, ...earlier.identities].map(({ identity, issuer }) => ({ identity, issuer })),
    ...(trustedRoot === undefined ? {} : { trustedRoot }),
  }
}

/** Those that the service replaced itself, then those that the settings name. */
async function earlierKeyFiles({
  retired,
  earlier,
}: Pick<OwnSigners, 'retired' | 'earlier'>): Promise<readonly string[]> {
  const names = await readdir(retired).catch(() => [])
  const own = names.filter((name) => name.endsWith('.pub')).map((name) => join(retired, name))
  return [...own, ...earlier.keyFiles]
}

/** Who signs, then keys before it, the latest first, and identities. */
export async function ownSigners(signing: OwnSigners): Promise<readonly [OwnSigner, ...OwnSigner[]]> {
  const { signer, earlier } = signing
  const current = 'publicKey' in signer ? await keyOf(signer.publicKey, null) : identityOf(signer)
  const keys: OwnKey[] = []
  for (const file of await earlierKeyFiles(signing)) {
    const told = earlier.keyFiles.includes(file) ? undefined : /(\d{1,15})\.pub$/.exec(file)?.[1]
    // Nobody says when a key of the settings was replaced: not before its file was written.
    const time = told === undefined ? (await stat(file)).mtime : new Date(Number(told))
    keys.push(await keyOf(file, time))
  }
  const before = [
    ...keys.sort((a, b) => Number(b.retired) - Number(a.retired)),
    ...earlier.identities.map(identityOf),
  ]
  // Broken off after it was written down and before another took its place, or named twice.
  return [current, ...before.filter(({ id }) => id !== current.id)]
}

async function keyOf(file: string, retired: Date | null): Promise<OwnKey> {
  const publicKey = await readFile(file, 'utf8')
  const der = createPublicKey(publicKey).export({ format: 'der', type: 'spki' })
  return { id: `sha256:${createHash('sha256').update(der).digest('hex')}`, publicKey, retired }
}

function identityOf({ identity, issuer }: Identity): OwnIdentity {
  return { id: nameOfSigner({ identity, issuer }), identity, issuer, retired: null }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
