import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strippedElf } from './strip.ts'

const run = promisify(execFile)

let folder = ''
let program: Buffer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-strip-'))
  await writeFile(
    join(folder, 'a.c'),
    '#include <stdio.h>\n__attribute__((visibility("default"))) int answer(void) { return 42; }\nint main(void) { printf("answer %d\\n", answer()); return 0; }\n',
  )
  await run('gcc', ['-g', '-rdynamic', '-o', join(folder, 'a'), join(folder, 'a.c')])
  await run('gcc', ['-g', '-shared', '-fPIC', '-o', join(folder, 'a.so'), join(folder, 'a.c')])
  program = await readFile(join(folder, 'a'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const readelf = async (option: string, path: string) => (await run('readelf', ['-W', option, path])).stdout

describe('strippedElf', () => {
  it.each(['a', 'a.so'])('leaves of %s what strip leaves', async (name) => {
    const before = await readFile(join(folder, name))
    const ours = strippedElf(before)
    if (ours === undefined) throw new Error('nothing was stripped')
    await writeFile(join(folder, 'ours'), ours, { mode: 0o755 })
    await run('strip', ['-o', join(folder, 'theirs'), join(folder, name)])
    const [mine, theirs] = [join(folder, 'ours'), join(folder, 'theirs')]
    for (const option of ['--program-headers', '--dyn-syms', '--dynamic', '--relocs', '--notes'])
      expect((await readelf(option, mine)).replaceAll(mine, 'x')).toBe(
        (await readelf(option, theirs)).replaceAll(theirs, 'x'),
      )
    const sections = (text: string) =>
      [...text.matchAll(/^ +\[ *\d+\] (\S+) +\S+ +(\S+)/gm)].map(([line]) => line)
    expect(sections(await readelf('--section-headers', mine))).toEqual(
      sections(await readelf('--section-headers', theirs)),
    )
    expect(Math.abs(ours.length - (await readFile(theirs)).length)).toBeLessThan(64)
    if (name === 'a') expect((await run(mine)).stdout).toBe('answer 42\n')
    // What is loaded is where it was.
    const loaded = (await readFile(mine)).subarray(0x40, 0x2000)
    expect(loaded.equals(before.subarray(0x40, 0x2000))).toBe(true)
    expect(strippedElf(ours)).toBeUndefined()
  })

  it('leaves alone what carries something behind its end, which it may read', () => {
    expect(strippedElf(Buffer.concat([program, Buffer.from('PK payload')]))).toBeUndefined()
  })

  it.each([
    ['text', () => Buffer.from('#!/bin/sh\necho 42\n')],
    ['nothing', () => Buffer.alloc(0)],
    ['only magic', () => Buffer.from([0x7f, 0x45, 0x4c, 0x46])],
    [
      'an object file',
      async () => {
        await run('gcc', ['-g', '-c', '-o', join(folder, 'a.o'), join(folder, 'a.c')])
        return await readFile(join(folder, 'a.o'))
      },
    ],
    ['half a program', () => program.subarray(0, program.length >> 1)],
  ])('leaves %s alone', async (_, bytes) => {
    expect(strippedElf(await bytes())).toBeUndefined()
  })

  it('throws at nothing, and never reaches beyond the file', () => {
    let state = 7
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state % below
    }
    const table = Number(program.readBigUInt64LE(40))
    for (let round = 0; round < 3000; round++) {
      const damaged = Buffer.from(program)
      const places = [random(64), table + random(program.length - table), random(0x400)]
      for (const place of places) damaged[place] = random(256)
      const result = strippedElf(damaged)
      expect(result === undefined || result.length <= program.length + 4096 * 64).toBe(true)
    }
  })
})
