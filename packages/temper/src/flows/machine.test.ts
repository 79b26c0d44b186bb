import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { arch, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkMachine } from './machine.ts'

const [own, other, kernel] =
  arch() === 'arm64' ? (['arm64', 'amd64', 'x86_64'] as const) : (['amd64', 'arm64', 'aarch64'] as const)

it('another machine than this one needs an emulator that the kernel knows', async () => {
  const hostRoot = await mkdtemp(join(tmpdir(), 'temper-machine-'))
  try {
    const check = (architecture: typeof own | typeof other) =>
      checkMachine('Tests', { os: 'linux', architecture }, { hostRoot })
    expect(() => check(own)).not.toThrow()
    expect(() => check(other)).toThrow(
      expect.objectContaining({
        code: 'tool-missing',
        message: expect.stringMatching(`^Tests for linux/${other} cannot run here`),
      }),
    )
    const folder = join(hostRoot, 'proc/sys/fs/binfmt_misc')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `qemu-${kernel}`), 'enabled')
    expect(() => check(other)).not.toThrow()
  } finally {
    await rm(hostRoot, { recursive: true })
  }
})
