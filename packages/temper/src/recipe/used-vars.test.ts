import { describe, expect, it } from 'vitest'
import { looksSecret, usedVars } from './used-vars.ts'

const used = (name: string) => `$\{{vars.${name}}}`

describe('vars that are given', () => {
  it.each([
    [`version: ${used('V')}`, { V: '1', W: '2' }, { V: '1' }],
    [`a: $\{{ vars.V }}, b: ${used('W-x.y')}`, { V: '1', 'W-x.y': '2' }, { V: '1', 'W-x.y': '2' }],
    ['vars: {V: 1}', { V: '2' }, {}],
    [`a: $${used('V')}`, { V: '1' }, { V: '1' }],
    ['', { V: '1' }, {}],
    [`a: ${used('V')}`, {}, {}],
    ['files: [{template: true}]', { V: '1' }, { V: '1' }],
  ])('count when the recipe uses them: %s', (text, given, expected) => {
    expect(usedVars(text, given)).toEqual(expected)
  })
})

it.each([
  'TOKEN',
  'API_TOKEN',
  'dbPassword',
  'db-passwd',
  'apiKey',
  'API_KEY',
  'access.key',
  'secret',
  'Secrets',
  'github_auth',
  'PWD',
])('%s looks like a secret', (name) => {
  expect(looksSecret(name)).toBe(true)
})

it.each([
  'VERSION',
  'tokenizer',
  'author',
  'passenger',
  'compass',
  'key',
  'keyboard',
  'KEYCLOAK_VERSION',
  'secretary',
  'authority',
])('%s does not', (name) => {
  expect(looksSecret(name)).toBe(false)
})
