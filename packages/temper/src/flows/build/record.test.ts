import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import type { Lock } from '../../model/lock.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { type BuildRecord, buildKey, buildRecords } from './record.ts'

type Inputs = Parameters<typeof buildKey>[0]

const lock = { formatVersion: 1, distribution: 'debian-13', suites: [], platforms: [] } as unknown as Lock
const inputs: Inputs = {
  recipe: sha256('recipe'),
  lock,
  platforms: ['linux/amd64', 'linux/arm64'],
  sourceDateEpoch: undefined,
  program: 'this',
  told: {
    text: 'name: web\n',
    vars: { port: '80' },
    builderId: undefined,
    statements: undefined,
    feeds: [],
  },
}
const told = (over: Partial<Inputs['told']>): Inputs => ({ ...inputs, told: { ...inputs.told, ...over } })

describe('the name of a build', () => {
  it('is the same for the same, in whatever order its members come', () => {
    const { told: last, ...rest } = inputs
    expect(buildKey({ told: last, ...rest })).toBe(buildKey(inputs))
    expect(buildKey(told({ vars: { port: '80' } }))).toBe(buildKey(inputs))
  })

  it.each<[string, Inputs]>([
    ['the recipe', { ...inputs, recipe: sha256('another') }],
    ['the lock', { ...inputs, lock: { ...lock, distribution: 'debian-12' } }],
    ['the platforms', { ...inputs, platforms: ['linux/amd64'] }],
    ['their order', { ...inputs, platforms: ['linux/arm64', 'linux/amd64'] }],
    ['the time', { ...inputs, sourceDateEpoch: 0 }],
    ['the program', { ...inputs, program: 'changed' }],
    ['a comment of the recipe', told({ text: 'name: web # why\n' })],
    ['a variable', told({ vars: { port: '81' } })],
    ['who builds', told({ builderId: 'https://ci.example' })],
    ['statements', told({ statements: sha256('vex') })],
    ['feeds', told({ feeds: [sha256('osv')] })],
  ])('is another one when %s is another', (_, other) => {
    expect(buildKey(other)).not.toBe(buildKey(inputs))
  })
})

describe('what a build made', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-record-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is found again by its name alone, also by another process', async () => {
    const root = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: sha256('root'), size: 4 }
    const record: BuildRecord = { root, blobs: [root], platforms: [] }
    const records = () => buildRecords(sampleContext(folder))
    expect(await records().getJson<BuildRecord>(buildKey(inputs))).toBeUndefined()
    await records().put(buildKey(inputs), JSON.stringify(record))
    expect(await records().getJson<BuildRecord>(buildKey(inputs))).toEqual(record)
    expect(await records().getJson<BuildRecord>(buildKey(told({ vars: {} })))).toBeUndefined()
  })
})
