import { resolve } from 'node:path'
import { generateKeys, type NewKeyAlgorithm } from '../../attest/key/keys.ts'
import { TemperError } from '../../base/error.ts'
import { readFileIfExists, writeFileAtomic } from '../../base/file.ts'
import type { Context } from '../context.ts'

export interface GenerateKeysRequest {
  /** Path of the files, without their endings ".key" and ".pub". */
  readonly prefix: string
  readonly algorithm: NewKeyAlgorithm
  readonly password: () => Promise<string>
}

export interface GeneratedKeys {
  readonly privateKey: string
  readonly publicKey: string
  /** As evidence names the signer. */
  readonly id: string
}

/** Makes a key pair and writes it to two files that must not exist yet: a lost key cannot be recovered. */
export async function generateKeyFiles(
  request: GenerateKeysRequest,
  context: Context,
): Promise<GeneratedKeys> {
  const [privateKey, publicKey] = [`${request.prefix}.key`, `${request.prefix}.pub`]
  const pathOf = (file: string) => resolve(context.workingDir, file)
  for (const file of [privateKey, publicKey]) {
    if ((await readFileIfExists(pathOf(file))) === undefined) continue
    throw new TemperError('bad-usage', `${file} already exists, and a key is never overwritten`, {
      hint: 'Move the file away, or keep it.',
      next: { action: 'choose-output' },
    })
  }
  const { privatePem, publicPem, key } = await generateKeys(request.algorithm, await request.password())
  await writeFileAtomic(pathOf(privateKey), privatePem, { mode: 0o600 })
  await writeFileAtomic(pathOf(publicKey), publicPem)
  return { privateKey, publicKey, id: key.id }
}
