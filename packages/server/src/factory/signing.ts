import { createHash, createPublicKey } from 'node:crypto'
import { constants } from 'node:fs'
import { access, copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, generateKeyFiles, type SigningKey } from '../temper.ts'

/** The key that the service signs with, and its earlier keys. */
export interface OwnSigning extends SigningKey {
  readonly publicKey: string
  /** Folder of the public halves of earlier keys: signatures made with them still count as the service's own. */
  readonly retired: string
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

/** The key of a service, made when there is none. Only the service can read it, and no build is told of it. */
export async function signingKey(data: string, context: Context): Promise<OwnSigning> {
  const folder = join(data, 'keys')
  const prefix = join(folder, 'factory')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const signing: OwnSigning = {
    ...{ key: { kind: 'file', path: `${prefix}.key` }, password, publicKey: `${prefix}.pub` },
    retired: join(folder, 'retired'),
  }
  await endRotation(folder)
  if (!(await isThere(`${prefix}.key`)))
    await generateKeyFiles({ prefix, algorithm: 'ecdsa-p256', password }, context)
  return signing
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
}: Pick<OwnSigning, 'publicKey' | 'retired'>): Promise<readonly string[]> {
  const names = await readdir(retired).catch(() => [])
  return [publicKey, ...names.filter((name) => name.endsWith('.pub')).map((name) => join(retired, name))]
}

/** The key that signs, then earlier ones, the latest first. */
export async function ownKeys(
  signing: Pick<OwnSigning, 'publicKey' | 'retired'>,
): Promise<readonly [OwnKey, ...OwnKey[]]> {
  const current = await keyOf(signing.publicKey, null)
  const [, ...files] = await ownKeyFiles(signing)
  const before: OwnKey[] = []
  for (const file of files) {
    const time = new Date(Number(/(\d{1,15})\.pub$/.exec(file)?.[1] ?? 0))
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
