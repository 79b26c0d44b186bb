import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packagedPolicies } from '../../policy/packaged/packaged.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { listPolicies, openPolicy, showPolicy, testPolicy } from './policy.ts'

let workingDir = ''
beforeAll(async () => {
  workingDir = await mkdtemp(join(tmpdir(), 'temper-policies-'))
  await mkdir(join(workingDir, 'team/more'), { recursive: true })
})
afterAll(() => rm(workingDir, { recursive: true, force: true }))

const context = () => sampleContext(workingDir)
const write = (path: string, text: string) => writeFile(join(workingDir, path), text)

describe('packaged policies', () => {
  it('name only rules that there are', async () => {
    expect((await listPolicies(context())).map(({ name }) => name)).toEqual([...packagedPolicies])
  })

  it('come before files of their name, which have a path', async () => {
    await write('secure', 'description: mine')
    expect((await openPolicy('secure', context())).extends).toEqual(['hardened'])
    expect((await openPolicy('./secure', context())).description).toBe('mine')
  })
})

describe('a policy in a file', () => {
  it('extends files that lie beside it, wherever the person is, and packaged ones', async () => {
    await write('team/policy.yaml', 'extends: more/base.yaml\nrules: { shell: off }')
    await write('team/more/base.yaml', 'extends: secure\nrules: { setuid: warning }')
    const policy = await openPolicy('team/policy.yaml', context())
    expect(policy).toMatchObject({ name: 'policy', extends: ['base', 'secure', 'hardened'], tier: 'secure' })
    expect([...policy.rules]).toEqual([
      ['setuid', { level: 'warning', parameters: {} }],
      ['shell', { level: 'off', parameters: {} }],
    ])
  })

  it('is found to extend itself by whatever path', async () => {
    await write('team/round.yaml', 'extends: ../team/round.yaml')
    await expect(openPolicy('team/round.yaml', context())).rejects.toMatchObject({
      message: expect.stringContaining('in a circle: team/round.yaml → team/round.yaml'),
    })
  })

  it('that misspells a rule is refused, with the rule that it may mean', async () => {
    await write('typo.yaml', 'rules: { setiud: error }')
    await expect(openPolicy('typo.yaml', context())).rejects.toMatchObject({
      code: 'bad-policy',
      message: expect.stringContaining('did you mean "setuid"?'),
    })
  })

  it.each(['none.yaml', 'team', ''])('that is %j is not there', async (name) => {
    await expect(openPolicy(name, context())).rejects.toThrow()
  })

  it('is shown as it is written, and in JSON with all that it extends', async () => {
    const text = 'extends: secure # why\n'
    await write('shown.yaml', text)
    const shown = await showPolicy('shown.yaml', context())
    expect(shown.text).toBe(text)
    expect(shown.json).toMatchObject({ name: 'shown', tier: 'secure', evidence: { sbom: 'error' } })
    expect(shown.json.digest).toMatch(/^sha256:/)
  })
})

describe('the examples of a policy', () => {
  it('differ where the policy says something else', async () => {
    await write(
      'examples.yaml',
      `vulnerabilities: { error: high }
examples:
  - { name: right, input: { findings: [{ id: CVE-1, severity: high }] }, expect: { allowed: false } }
  - { name: wrong, input: { findings: [{ id: CVE-1, severity: high }] }, expect: { allowed: true } }
  - { name: typo, input: { findings: [{ id: CVE-1, sevrity: high }] }, expect: { allowed: true } }
`,
    )
    expect(await testPolicy('examples.yaml', context())).toEqual({
      policy: 'examples',
      passed: false,
      examples: [
        { name: 'right', passed: true, differences: [], origin: 'examples.yaml:3' },
        {
          name: 'wrong',
          passed: false,
          differences: [
            'expected it to be allowed, but it is refused (vulnerabilities: CVE-1: severity high)',
          ],
          origin: 'examples.yaml:4',
        },
        {
          name: 'typo',
          passed: false,
          differences: [expect.stringContaining('unknown key "sevrity"')],
          origin: 'examples.yaml:5',
        },
      ],
    })
  })

  it('that are none are no proof', async () => {
    await write('bare.yaml', 'tier: secure')
    expect(await testPolicy('bare.yaml', context())).toEqual({ policy: 'bare', passed: false, examples: [] })
  })

  it('are not tried where an expression cannot be understood', async () => {
    await write('cel.yaml', 'own-rules: [{ id: a, title: t, broken-when: "a &&" }]')
    await expect(testPolicy('cel.yaml', context())).rejects.toMatchObject({
      code: 'bad-policy',
      message: expect.stringContaining('cel.yaml:1: the expression of "a" cannot be understood'),
    })
  })
})
