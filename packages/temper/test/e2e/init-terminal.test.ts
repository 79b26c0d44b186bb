import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temperProgram } from '../support/program.ts'

/* What a person sees who types on a terminal, which util-linux's script makes. */

const hasScript = spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0

describe.skipIf(!hasScript)('temper init on a terminal', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'temper-init-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Types each answer when its question has come. */
  async function typed(
    answers: readonly string[],
  ): Promise<{ readonly seen: string; readonly code: number }> {
    const command = [process.execPath, ...temperProgram, 'init'].map((word) => `'${word}'`).join(' ')
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', TERM: 'dumb', TEMPER_CACHE_DIR: join(folder, 'cache') },
    })
    let seen = ''
    let next = 0
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
      const asked = seen.split(/(?:\]|\)|started|file|user|image|packages): /).length - 1
      for (; next < asked && next < answers.length; next++) child.stdin.write(answers[next])
    })
    const code = await new Promise<number>((resolve) =>
      child.on('close', (exitCode) => resolve(exitCode ?? -1)),
    )
    return { seen, code }
  }

  it('shows each letter once, and writes what was answered', async () => {
    writeFileSync(join(folder, 'package-lock.json'), '{}')
    writeFileSync(join(folder, 'server.js'), '')
    const { seen, code } = await typed(['shop\r', '\r', '\r', '\r', '\r', '8080\r', '\r'])
    expect(code, seen).toBe(0)
    expect(seen).toContain('8080')
    expect(seen).not.toContain('88')
    const text = readFileSync(join(folder, 'recipe.yaml'), 'utf8')
    expect(text).toMatch(/^name: shop\n/)
    expect(text).toContain('- "8080"')
  })

  it.each([
    ['Ctrl-C', '\x03', 130],
    ['Ctrl-D', '\x04', 2],
  ])('writes nothing after %s', async (_, key, expected) => {
    rmSync(join(folder, 'recipe.yaml'), { force: true })
    const { seen, code } = await typed(['shop\r', key])
    expect(code, seen).toBe(expected)
    expect(() => readFileSync(join(folder, 'recipe.yaml'))).toThrow('ENOENT')
  })
})
