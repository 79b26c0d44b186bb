import { expect, it } from 'vitest'
import { rulesReference } from './rules.ts'

it('the page of rules has a chapter a kind and a row a rule, whatever its text', () => {
  const text = { title: 'No a|b', why: 'Because.', fix: 'do', level: 'error' } as const
  const page = rulesReference([
    { title: 'One', about: 'About one.', rules: [{ id: 'x', ...text }] },
    { title: 'Two', about: 'About two.', rules: [] },
  ])
  expect(page.match(/^## .*$/gm)).toEqual(['## One', '## Two'])
  expect(page).toContain('| `x` | No a\\|b | Because. | do | error |\n')
  expect(page.endsWith('\n')).toBe(true)
})
