import { matchesGlob } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRepositoryFile, repositoryFiles } from '../../../packages/temper/test/support/source-files.ts'
import { percent, withResult } from './quality-page.ts'
import { mutationRooms } from './rooms.ts'

const page =
  '# Page\n\n| Room | Noticed | Of | Tests | Compiler | Same | Gaps | Commit |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n\n<!-- end -->\n\nmore\n'
const gate = { room: 'gate', killed: 90, refused: 5, gaps: 2, total: 100, commit: 'abc1234' }

describe('the page of results', () => {
  it('gets a row for each room, once', () => {
    const once = withResult(page, gate)
    expect(once).toContain(
      '| --- |\n| gate | 95.0 % | 100 | 90 | 5 | 3 | 2 | abc1234 |\n\n<!-- end -->\n\nmore\n',
    )
    const both = withResult(once, { ...gate, room: 'vex' })
    expect(both).toContain('abc1234 |\n| vex | 95.0 %')
    const again = withResult(both, { ...gate, killed: 95, gaps: 0, commit: 'def5678' })
    expect(again).toContain('| gate | 100.0 % | 100 | 95 | 5 | 0 | 0 | def5678 |\n| vex |')
    expect(again.match(/gate/g)).toHaveLength(1)
  })

  it('never says that more was noticed than was', () => {
    expect(percent({ killed: 8000, refused: 999, total: 10_000 })).toBe('89.9 %')
    expect(percent({ killed: 899_999, refused: 0, total: 1_000_000 })).toBe('89.9 %')
    expect(percent({ killed: 90, refused: 0, total: 100 })).toBe('90.0 %')
  })

  it('is not written where there is no table', () => {
    expect(() => withResult('# Page\n', gate)).toThrow('no end of its table')
    expect(readRepositoryFile('docs/quality.md')).toContain('\n<!-- end -->')
  })
})

describe('rooms', () => {
  const files = repositoryFiles()

  it.each(mutationRooms.map((room) => [room.name, room] as const))('%s has sources and tests', (_, room) => {
    for (const pattern of [...room.sources, ...room.tests].filter((each) => !each.startsWith('!'))) {
      const [folder = ''] = pattern.split('*')
      expect(files.some((path) => path.startsWith(folder))).toBe(true)
    }
  })

  it.each(mutationRooms.map((room) => [room.name, room] as const))(
    '%s does not change its tests',
    (_, room) => {
      const sources = room.sources.filter((each) => !each.startsWith('!'))
      const left = room.sources.filter((each) => each.startsWith('!')).map((each) => each.slice(1))
      const changed = files.filter(
        (path) =>
          sources.some((each) => matchesGlob(path, each)) && !left.some((each) => matchesGlob(path, each)),
      )
      expect(changed.length).toBeGreaterThan(5)
      expect(changed.filter((path) => path.endsWith('.test.ts'))).toEqual([])
    },
  )
})
