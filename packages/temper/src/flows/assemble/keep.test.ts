import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeFileAtomic } from '../../base/file.ts'
import { silentProgress } from '../../base/progress.ts'
import { keep } from './keep.ts'

it('goes on without a cache, and tells why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'temper-keep-'))
  try {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const notes: string[] = []
    const progress = { ...silentProgress, note: (text: string) => void notes.push(text) }
    await keep(() => writeFileAtomic(join(file, 'below'), 'x'), { progress })
    expect(notes).toEqual([expect.stringContaining(join(file, 'below'))])
    await expect(keep(() => Promise.reject(new Error('a defect')), { progress })).rejects.toThrow('a defect')
  } finally {
    await rm(folder, { recursive: true })
  }
})
