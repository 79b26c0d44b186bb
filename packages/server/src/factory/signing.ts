import { createHash, createPublicKey } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, generateKeyFiles, publicKeyOf, type SigningKey } from '../temper.ts'

/** A key that the settings name, in place of one that the service makes. */
export interface GivenKey {
  readonly key: SigningKey['key']
  readonly passwordFile?: string
  /** Files with the public halves of keys that signed before it. */
  readonly earlier: readonly string[]
}

/** The key that the service signs with, and its earlier keys. */
export interface OwnSigning extends SigningKey {
  readonly publicKey: string
  /** Folder of the public halves of earlier keys: signatures made with them still count as the service's own. */
  readonly retired: string
  /** Further files of such public halves, which the settings name. */
  readonly earlier: readonly string[]
  /** Whether the settings name the key: then it is replaced there. */
  readonly isGiven: boolean
}

/** A key, known by its public half. */
export interface OwnKey {
  /** As evidence names the signer. */
  readonly id: string
  readonly publicKey: string
  /** When another key took its place; null: this key signs now. */
  readonly retired: Date | null
}

const password = async () => ''

/** What decides which key signs. */
export interface SigningChoice {
  readonly given?: GivenKey
  /** Whether a key may be made when there is none: not where others sign with theirs. */
  readonly mayMake: boolean
}

/**
 * The key of a service: the one that the settings name, else one of its own, which is made when there is none. Only the service can read
 * it, and no build is told of it. Undefined when there is none and none may be made.
 */
export async function signingKey(
  data: string,
  { given, mayMake }: SigningChoice,
  context: Context,
): Promise<OwnSigning | undefined> {
  const folder = join(data, 'keys')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const retired = join(folder, 'retired')
  await endRotation(folder)
  if (given !== undefined) return { ...(await openGiven(folder, given, context)), retired }
  const prefix = join(folder, 'factory')
  const signing: OwnSigning = {
    key: { kind: 'file', path: `${prefix}.key` },
    password,
    publicKey: `${prefix}.pub`,
    retired,
    earlier: [],
    isGiven: false,
  }
  if (!(await isThere(`${prefix}.key`))) {
    if (!mayMake) return undefined
    await generateKeyFiles({ prefix, algorithm: 'ecdsa-p256', password }, context)
  }
  return signing
}

async function openGiven(
  folder: string,
  { key, passwordFile, earlier }: GivenKey,
  context: Context,
): Promise<Omit<OwnSigning, 'retired'>> {
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
  return { ...from, publicKey, earlier, isGiven: true }
}

/**
 * Puts a new key in place of the signing key, whose private half is deleted. Two rotations must not overlap. Wherever
 * a rotation is interrupted, the next start finds a pair that belongs together.
 */
export async function rotateKey({ data, signing, context, now }: RotationWorld): Promise<void> {
  const folder = join(data, 'keys')
  const next = join(folder, 'next')
  await mkdir(signing.retired, { recursive: true, mode: 0o700 })
  for (const half of ['key', 'pub']) await rm(`${next}.${half}`, { force: true })
  await generateKeyFiles({ prefix: next, algorithm: 'ecdsa-p256', password }, context)
  // Known before it is retired: nothing that it signed is anybody else's word for a moment.
  const kept = join(signing.retired, `${now().getTime()}.pub`)
  await copyFile(signing.publicKey, kept, constants.COPYFILE_EXCL)
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

/** Files of the public keys whose signatures the service accepts as its own. */
export async function ownKeyFiles({
  publicKey,
  retired,
  earlier,
}: Pick<OwnSigning, 'publicKey' | 'retired' | 'earlier'>): Promise<readonly string[]> {
  const names = await readdir(retired).catch(() => [])
  const own = names.filter((name) => name.endsWith('.pub')).map((name) => join(retired, name))
  return [publicKey, ...own, ...earlier]
}

/** The key that signs, then earlier ones, the latest first. */
export async function ownKeys(
  signing: Pick<OwnSigning, 'publicKey' | 'retired' | 'earlier'>,
): Promise<readonly [OwnKey, ...OwnKey[]]> {
  const current = await keyOf(signing.publicKey, null)
  const [, ...files] = await ownKeyFiles(signing)
  const before: OwnKey[] = []
  for (const file of files) {
    const told = signing.earlier.includes(file) ? undefined : /(\d{1,15})\.pub$/.exec(file)?.[1]
    // Nobody says when a key of the settings was replaced: not before its file was written.
    const time = told === undefined ? (await stat(file)).mtime : new Date(Number(told))
    const key = await keyOf(file, time)
    // Broken off after it was written down and before another took its place.
    if (key.id !== current.id) before.push(key)
  }
  return [current, ...before.sort((a, b) => Number(b.retired) - Number(a.retired))]
}

async function keyOf(file: string, retired: Date | null): Promise<OwnKey> {
  const publicKey = await readFile(file, 'utf8')
  const der = createPublicKey(publicKey).export({ format: 'der', type: 'spki' })
  return { id: `sha256:${createHash('sha256').update(der).digest('hex')}`, publicKey, retired }
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
