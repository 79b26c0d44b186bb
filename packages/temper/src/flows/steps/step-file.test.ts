import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import type { SandboxFile } from '../../model/recipe-parts/sandbox.ts'
import type { StepRequest } from '../../model/recipe-parts/step.ts'
import { checkMade, imageFilesOf, stepFilesOf } from './step-file.ts'

const file = (path: string, text: string, mode = 0o644): SandboxFile => ({
  path,
  type: 'file',
  mode,
  content: Buffer.from(text),
})
const link = (path: string, target: string): SandboxFile => ({
  path,
  type: 'symlink',
  mode: 0o777,
  content: new Uint8Array(),
  target,
})
const folder = (path: string): SandboxFile => ({
  path,
  type: 'directory',
  mode: 0o700,
  content: new Uint8Array(),
})

describe('what a step made', () => {
  it('is told once, with what makes it another', () => {
    const made = [[folder('d'), file('d/x', 'x', 0o700), link('d/y', 'x')], [file('d/x', 'x', 0o700)]]
    expect(stepFilesOf(made)).toEqual([
      { name: 'd', type: 'directory' },
      { name: 'd/x', type: 'file', executable: true, digest: sha256('x'), size: 1 },
      { name: 'd/y', type: 'symlink', target: 'x' },
    ])
  })

  it('goes where the recipe says, readable whatever the step made of it', () => {
    const outputs = [
      { source: 'd', path: '/opt/d', uid: 1, gid: 2 },
      { source: 'tool', path: '/usr/bin/other', mode: 0o700, uid: 0, gid: 0 },
    ] as const
    const made = [[folder('d'), file('d/x', 'x', 0o611), link('d/y', 'x')], [file('tool', 't', 0o4755)]]
    const files = imageFilesOf({ outputs } as unknown as StepRequest, made)
    expect(
      files.map(({ request: { path, mode, uid }, type, target }) => [path, mode, uid, type, target]),
    ).toEqual([
      ['/opt/d', 0o755, 1, 'directory', undefined],
      ['/opt/d/x', 0o644, 1, undefined, undefined],
      ['/opt/d/y', 0o755, 1, 'symlink', 'x'],
      ['/usr/bin/other', 0o700, 0, undefined, undefined],
    ])
    expect(files[0]?.asked).toBe(outputs[0])
  })

  it.each([
    [[file('x', 'a')], [file('x', 'b')], `x: expected ${sha256('a')} (1 bytes), found ${sha256('b')}`],
    [[file('x', 'a')], [file('x', 'a', 0o755)], 'x: other permissions'],
    [[file('x', 'a')], [], 'x: is missing'],
    [[], [file('x', 'a')], 'x: was not there before'],
    [[link('x', 'a')], [link('x', 'b')], 'x: expected a link to a, found one to b'],
    [[link('x', 'a')], [file('x', 'b')], 'x: expected a symlink, found a file'],
  ])('differs when %j becomes %j', (before, after, message) => {
    const locked = { name: 'make', packages: [], outputs: stepFilesOf([before]) }
    const check = () => checkMade(stepFilesOf([after]), locked, 'linux/amd64')
    expect(check).toThrow(
      expect.objectContaining({ code: 'step-differs', message: expect.stringContaining(message) }),
    )
    expect(() => checkMade(stepFilesOf([before]), locked, 'linux/amd64')).not.toThrow()
  })
})
