import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ownFolder } from './own-folder.ts'

it('is made beside those of processes that live, and in place of what others left', () => {
  const kind = `kind${process.pid}`
  const ended = spawnSync(process.execPath, ['-e', '']).pid
  const named = (name: string) => join(tmpdir(), `temper-${kind}-${name}`)
  const left = named(`${ended}-AbCd12`)
  const others = [named(`${process.ppid}-AbCd12`), named('AbCd12'), named(`${ended}-AbCd123`), `${left}.txt`]
  for (const folder of [left, ...others]) mkdirSync(join(folder, 'deep'), { recursive: true })
  writeFileSync(join(left, 'deep/file'), '')
  const own = ownFolder(kind)
  try {
    expect(own).toMatch(new RegExp(`^${named(`${process.pid}-`)}[A-Za-z0-9]{6}$`))
    expect([left, own, ...others].map((folder) => existsSync(folder))).toEqual([
      false,
      true,
      true,
      true,
      true,
      true,
    ])
    expect(existsSync(ownFolder(kind))).toBe(true)
    expect(existsSync(own)).toBe(true)
  } finally {
    for (const folder of others) rmSync(folder, { recursive: true })
    rmSync(own, { recursive: true })
  }
})
