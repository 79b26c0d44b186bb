import { describe, expect, test } from 'vitest'
import { Scopes } from './scopes.ts'

describe('the rights that a token is asked for', () => {
  test('are one scope for each repository', () => {
    const scopes = new Scopes()
    expect(scopes.add({ repository: 'a', actions: ['pull'] })).toBe(true)
    expect(scopes.add({ repository: 'a', actions: ['pull', 'push'] })).toBe(true)
    expect(scopes.add({ repository: 'a', actions: ['push'] })).toBe(false)
    scopes.addText('repository:b:pull registry:catalog:* nonsense repository:a:delete,')
    expect(scopes.list()).toEqual([
      'repository:a:delete,pull,push',
      'repository:b:pull',
      'registry:catalog:*',
    ])
  })

  test('are done without when they are optional, also when the registry names them again', () => {
    const scopes = new Scopes()
    scopes.add({ repository: 'a', actions: ['push'] })
    scopes.add({ repository: 'b', actions: ['pull'], optional: true })
    expect(scopes.dropOptional()).toBe(true)
    expect(scopes.dropOptional()).toBe(false)
    scopes.addText('repository:b:pull')
    expect(scopes.add({ repository: 'b', actions: ['pull'], optional: true })).toBe(false)
    expect(scopes.list()).toEqual(['repository:a:push'])
  })

  test('stay when they are needed after all', () => {
    const scopes = new Scopes()
    scopes.add({ repository: 'b', actions: ['pull'], optional: true })
    scopes.add({ repository: 'b', actions: ['pull'] })
    expect(scopes.dropOptional()).toBe(false)
    expect(scopes.list()).toEqual(['repository:b:pull'])
  })

  test('are no more than a hundred, whatever the registry names', () => {
    const scopes = new Scopes()
    scopes.addText(Array.from({ length: 500 }, (_, i) => `repository:r${i}:pull`).join(' '))
    expect(scopes.list()).toHaveLength(100)
  })
})
