import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { npmRegistry } from './npm-registry.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-npm-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function told(script: string): Promise<string | undefined> {
  const program = join(folder, 'npm')
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
  const signal = new AbortController().signal
  return await npmRegistry(program, { env: process.env, signal, workingDir: folder })
}

it('is what npm says that it uses', async () => {
  expect(await told('test "$*" = "config get registry" && echo https://registry.example/npm/')).toBe(
    'https://registry.example/npm/',
  )
})

it.each(['echo undefined', 'exit 1', 'echo file:///etc', 'true'])(
  'is none where it says %s',
  async (line) => {
    expect(await told(line)).toBeUndefined()
  },
)

it('is none where there is no such program', async () => {
  const signal = new AbortController().signal
  expect(await npmRegistry(join(folder, 'none'), { env: {}, signal, workingDir: folder })).toBeUndefined()
})
