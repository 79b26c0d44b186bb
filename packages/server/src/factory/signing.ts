import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Context, generateKeyFiles } from '../temper.ts'
import type { FactoryWorld } from './world.ts'

/** The key of a service, made when there is none. It lies where only the service reads it, and no build is told of it. */
export async function signingKey(data: string, context: Context): Promise<FactoryWorld['signing']> {
  const folder = join(data, 'keys')
  const prefix = join(folder, 'factory')
  const password = async () => ''
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const isThere = await access(`${prefix}.key`).then(
    () => true,
    () => false,
  )
  if (!isThere) await generateKeyFiles({ prefix, algorithm: 'ecdsa-p256', password }, context)
  return { key: { kind: 'file', path: `${prefix}.key` }, password, publicKey: `${prefix}.pub` }
}
