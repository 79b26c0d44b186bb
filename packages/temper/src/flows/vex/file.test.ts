import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleDocument, sampleStatement } from '../../advisory/vex/fixtures/sample.ts'
import { endedStatements, readStatementFile, statementPath } from './file.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-statements-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the file with the statements of a recipe', () => {
  it('is called as its lock is', () => {
    expect(statementPath({ lockFile: '/a/web.lock.json' })).toBe('/a/web.openvex.json')
    expect(statementPath({ lockFile: '/a.lock.json/web' })).toBe('/a.lock.json/web.openvex.json')
  })

  it('need not be there', async () => {
    expect(await readStatementFile(join(folder, 'none.openvex.json'))).toBeUndefined()
  })

  it('is refused when it states nothing that can be read', async () => {
    const path = join(folder, 'bad.openvex.json')
    await writeFile(path, '{')
    await expect(readStatementFile(path)).rejects.toMatchObject({ code: 'bad-vex' })
  })
})

describe('statements that have ended', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const ending = (expires: string) => sampleDocument([sampleStatement({ expires })])

  it('are told with their end', () => {
    expect(endedStatements(ending('2025-06-01T00:00:00.000Z'), now)).toEqual([
      'sample.json: the statement about CVE-2025-1 expired at 2025-06-01T00:00:00.000Z: review it, or remove it',
    ])
  })

  it('end at their moment, not before', () => {
    expect(endedStatements(ending('2026-01-01T00:00:00.000Z'), now)).toHaveLength(1)
    expect(endedStatements(ending('2026-01-01T00:00:00.001Z'), now)).toEqual([])
  })

  it('are none where nothing ends, and where there is no document', () => {
    expect(endedStatements(sampleDocument([sampleStatement()]), now)).toEqual([])
    expect(endedStatements(undefined, now)).toEqual([])
  })
})
