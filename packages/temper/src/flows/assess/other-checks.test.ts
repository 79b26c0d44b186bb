import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { imageRules } from '../../rules/image/rules.ts'

const page = readFileSync(new URL('../../../../../docs/reference/other-checks.md', import.meta.url), 'utf8')
/** The rows of the tables: check, and the cell that names rules. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:---|Check|Control)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))

describe('the page about checks of other tools', () => {
  it('names rules that are there', () => {
    const ids = new Set(imageRules.map(({ id }) => id))
    const named = rows.flatMap(([, , second = '', third = '']) => {
      const cell =
        /^\d/.test(second) || second.startsWith('DS-') || /^(?:none|VULN|SECRET)/.test(second)
          ? third
          : second
      return [...cell.matchAll(/`([a-z-]+)`/g)].map(([, id = '']) => id)
    })
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((id) => !ids.has(id))).toEqual([])
  })

  it('has every checkpoint of Dockle, every control, and every check of Dockerfiles', () => {
    const number = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, at) => `${prefix}${String(at + 1).padStart(4, '0')}`)
    const dockle = [...number('CIS-DI-', 11), ...number('DKL-DI-', 6), ...number('DKL-LI-', 3)]
    // 3, 18 and 28 were never given out, or taken back.
    const trivy = number('', 31).filter((each) => !['0003', '0018', '0028'].includes(each))
    const controls = Array.from({ length: 12 }, (_, at) => `| 4.${at + 1} |`)
    expect(dockle.filter((id) => !page.includes(`| ${id},`))).toEqual([])
    expect(trivy.filter((id) => !page.includes(`-${id}`))).toEqual([])
    expect(controls.filter((row) => !page.includes(row))).toEqual([])
  })

  it('argues each check that no rule says', () => {
    const without = rows.filter(([, check = '', rule]) => check.startsWith('DS-') && rule === 'none')
    expect(without.length).toBeGreaterThan(0)
    expect(without.filter(([, , , why = '']) => why.length < 20)).toEqual([])
  })
})
