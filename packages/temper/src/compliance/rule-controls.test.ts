import { expect, it } from 'vitest'
import { frameworks } from './frameworks.ts'
import { ruleControls } from './rule-controls.ts'

it('says of each rule what the frameworks say of it', () => {
  const controls = ruleControls()
  const said = [...controls].flatMap(([rule, each]) =>
    each.map(({ framework, id }) => `${framework} ${id} ${rule}`),
  )
  const expected = frameworks.flatMap(({ id: framework, controls: all }) =>
    all.flatMap(({ id, rules }) => [...new Set(rules)].map((rule) => `${framework} ${id} ${rule}`)),
  )
  expect(said.toSorted()).toEqual(expected.toSorted())
  expect(controls.get('root-user')).toContainEqual({ framework: 'cis-docker', id: '4.1' })
})
