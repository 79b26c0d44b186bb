import { describe, expect, it } from 'vitest'
import { loadPolicy, policyDigest } from './extend.ts'

const rules = [{ id: 'setuid' }, { id: 'shell' }]

function load(files: Readonly<Record<string, string>>, name = 'a') {
  return loadPolicy(name, {
    rules,
    load: async (wanted) =>
      files[wanted] === undefined ? undefined : { name: wanted, bytes: Buffer.from(files[wanted]) },
  })
}

describe('a policy that extends another', () => {
  it('has the rules of both, its own first', async () => {
    const policy = await load({
      a: 'extends: b\nrules: { shell: off }\nvulnerabilities: { warning: high }\nevidence: { sbom: warning }',
      b: `description: base
tier: hardened
images: [x/**]
rules: { shell: error, setuid: error }
vulnerabilities: { error: critical, warning: low }
evidence: { sbom: error, signature: error }
exceptions: [{ rule: setuid, owner: o, reason: r, expires: 2026-01-01 }]
own-rules: [{ id: own, title: t, broken-when: "true" }]
examples: [{ name: e, expect: { allowed: true } }]`,
    })
    expect(policy).toMatchObject({
      name: 'a',
      extends: ['b'],
      tier: 'hardened',
      images: ['x/**'],
      description: '',
    })
    expect(policy.rules.get('shell')?.level).toBe('off')
    expect(policy.rules.get('setuid')?.level).toBe('error')
    expect(policy.vulnerabilities.error?.map(({ text }) => text)).toEqual(['critical'])
    expect(policy.vulnerabilities.warning?.map(({ text }) => text)).toEqual(['high'])
    expect([...policy.evidence]).toEqual([
      ['sbom', 'warning'],
      ['signature', 'error'],
    ])
    expect(policy.exceptions).toHaveLength(1)
    expect(policy.ownRules).toHaveLength(1)
    expect(policy.examples).toEqual([])
  })

  it('replaces an own rule of the same id', async () => {
    const own = (title: string) => `own-rules: [{ id: own, title: ${title}, broken-when: "true" }]`
    const policy = await load({ a: `extends: b\n${own('mine')}`, b: own('theirs') })
    expect(policy.ownRules.map(({ title }) => title)).toEqual(['mine'])
  })

  it.each([
    [{ a: 'extends: a' }, 'bad-policy', 'in a circle: a → a'],
    [{ a: 'extends: b', b: 'extends: a' }, 'bad-policy', 'in a circle: a → b → a'],
    [{ a: 'extends: b' }, 'bad-policy', 'a: extends: there is no policy "b"'],
    [{}, 'not-found', 'There is no policy "a"'],
    [
      Object.fromEntries('abcdefghij'.split('').map((name, i) => [name, `extends: ${'bcdefghijk'[i]}`])),
      'bad-policy',
      'expected at most 8 policies',
    ],
  ])('%j is refused', async (files, code, message) => {
    await expect(load(files as Record<string, string>)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  it('has a digest of what it says: of the order of keys it does not depend, of what is extended it does', async () => {
    const digest = async (files: Record<string, string>) => policyDigest(await load(files))
    const one = await digest({ a: 'tier: hardened\nrules: { shell: error, setuid: off }' })
    expect(await digest({ a: 'rules: { setuid: off, shell: error }\ntier: hardened' })).toBe(one)
    const child = await digest({ a: 'extends: b', b: 'tier: minimal' })
    expect(await digest({ a: 'extends: b', b: 'tier: secure' })).not.toBe(child)
  })
})
