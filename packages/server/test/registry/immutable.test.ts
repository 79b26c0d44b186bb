import { describe, expect, it } from 'vitest'
import { matchesTag } from '../../src/registry/rules/tag-pattern.ts'
import { digestOf, pushImage } from '../push.ts'
import { ask, startServer } from '../server.ts'

const rules = { immutable: [{ project: 'team', tags: ['v*'] }] }

describe('immutable tags', () => {
  it('stay where they are, and others move', async () => {
    const server = await startServer({ rules })
    const first = await pushImage(server, 'v1', { layer: 'one' })
    expect(first.answer.status).toBe(201)
    expect((await pushImage(server, 'v1', { layer: 'one' })).answer.status).toBe(201)
    const second = await pushImage(server, 'v1', { layer: 'two' })
    expect([second.answer.status, await second.answer.json()]).toMatchObject([
      403,
      { errors: [{ code: 'DENIED', message: expect.stringContaining('immutable') }] },
    ])
    expect(await digestOf(server, 'v1')).toBe(first.digest)
    for (const layer of ['one', 'two'])
      expect((await pushImage(server, 'latest', { layer })).answer.status).toBe(201)
    for (const layer of ['one', 'two'])
      expect((await pushImage(server, 'v1', { layer, repository: 'other/app' })).answer.status).toBe(201)
  })

  it('are not deleted, nor what they are on', async () => {
    const server = await startServer({ rules })
    const { digest } = await pushImage(server, 'v1')
    await pushImage(server, 'latest')
    for (const reference of ['v1', digest]) {
      const answer = await ask(server, `/v2/team/app/manifests/${reference}`, { method: 'DELETE' })
      expect([reference, answer.status]).toEqual([reference, 403])
    }
    expect((await ask(server, '/v2/team/app/manifests/latest', { method: 'DELETE' })).status).toBe(202)
    expect(await digestOf(server, 'v1')).toBe(digest)
  })

  it('are set once, however many push at the same time', async () => {
    const server = await startServer({ rules })
    for (const layer of ['a', 'b', 'c', 'd', 'e', 'f']) await pushImage(server, 'other', { layer })
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((layer) => pushImage(server, 'v2', { layer })),
    )
    expect(answers.map(({ answer }) => answer.status).sort()).toEqual([201, 403, 403, 403, 403, 403])
    const winner = answers.find(({ answer }) => answer.status === 201)
    expect(await digestOf(server, 'v2')).toBe(winner?.digest)
  })
})

describe('a pattern of tags', () => {
  it.each([
    ['*', 'anything', true],
    ['v*', 'v1', true],
    ['v*', 'dev', false],
    ['1.*-fips', '1.26-fips', true],
    ['1.*-fips', '1.-fips', true],
    ['1.*.*', '1.2', false],
    ['a*a', 'a', false],
    ['a*b*b', 'ab', false],
    ['a*b*b', 'abb', true],
    ['1.2', '1.2', true],
    ['1.2', '1x2', false],
  ])('%s, %s: %s', (pattern, tag, expected) => {
    expect(matchesTag(pattern, tag)).toBe(expected)
  })
})
