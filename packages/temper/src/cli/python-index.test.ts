import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pythonIndex } from './python-index.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-pip-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function told(script: string): Promise<string | undefined> {
  const program = join(folder, 'python3')
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
  const signal = new AbortController().signal
  return await pythonIndex(program, { env: process.env, signal, workingDir: folder })
}

it('is what pip says that it uses, whatever lies in the working folder', async () => {
  expect(await told('test "$1 $2" = "-I -c" && echo https://index.example/simple')).toBe(
    'https://index.example/simple',
  )
})

it.each([
  'echo None',
  'exit 1',
  'echo file:///etc',
  'true',
  'echo https://user:secret@index.example/simple',
  'echo https://token@index.example/simple',
])('is none where it says %s', async (line) => {
  expect(await told(line)).toBeUndefined()
})

it('is none where there is no such program', async () => {
  const signal = new AbortController().signal
  expect(await pythonIndex(join(folder, 'none'), { env: {}, signal, workingDir: folder })).toBeUndefined()
})
