import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sampleContext } from '../fixtures/sample-context.ts'
import { generateKeyFiles } from './generate-keys.ts'
import { publicKeyOf } from './public-key.ts'

describe('the public half of a key', () => {
  it('is that of its file, for whoever has the password', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'temper-key-'))
    try {
      const context = sampleContext(folder)
      const prefix = join(folder, 'a')
      const made = await generateKeyFiles(
        { prefix, algorithm: 'ecdsa-p256', password: async () => 'secret' },
        context,
      )
      const key = { kind: 'file', path: made.privateKey } as const
      const opened = await publicKeyOf({ key, password: async () => 'secret' }, context)
      expect(opened.id).toBe(made.id)
      expect(opened.pem.trim()).toBe((await readFile(made.publicKey, 'utf8')).trim())
      await expect(publicKeyOf({ key, password: async () => 'other' }, context)).rejects.toMatchObject({
        exitCode: 2,
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
