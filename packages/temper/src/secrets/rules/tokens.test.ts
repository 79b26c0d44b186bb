import { describe, expect, it } from 'vitest'
import { letters } from '../fixtures/sample.ts'
import { findSecrets } from '../search.ts'

const hex = '0123456789abcdef'
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A token that a rule recognises, and what differs from it in one thing. */
const cases: readonly (readonly [rule: string, token: string, others: readonly string[]])[] = [
  [
    'aws-access-key',
    `AKIA${letters(16, upper)}`,
    [
      `AKIA${letters(15, upper)}`,
      `AKIB${letters(16, upper)}`,
      `xAKIA${letters(16, upper)}`,
      `AKIA${letters(17, upper)}`,
      `AKIA${'A'.repeat(16)}`,
    ],
  ],
  [
    'gitlab-token',
    `glpat-${letters(20)}`,
    [`glpat-${letters(19)}`, `glpat-${letters(65)}`, `glxat-${letters(20)}`, 'glpat-xxxxxxxxxxxxxxxxxxxx'],
  ],
  [
    'github-fine-grained-token',
    `github_pat_${letters(22)}_${letters(59)}`,
    [
      `github_pat_${letters(21)}_${letters(59)}`,
      `github_pat_${letters(22)}_${letters(58)}`,
      `github_pat_${letters(22)}-${letters(59)}`,
    ],
  ],
  ['pypi-token', `pypi-AgE${letters(60)}`, [`pypi-AgE${letters(59)}`, `pypi-AgF${letters(60)}`]],
  [
    'slack-token',
    `xoxb-${letters(12, '0123456789')}-${letters(24)}`,
    [
      `xoxz-123456789012-${letters(24)}`,
      `xoxb-123456789012-${letters(19)}`,
      `xoxb123456789012${letters(24)}`,
    ],
  ],
  [
    'slack-webhook',
    `https://hooks.slack.com/services/T${letters(8, upper)}/B${letters(8, upper)}/${letters(24)}`,
    [
      `https://hooks.slack.com/services/X${letters(8, upper)}/B${letters(8, upper)}/${letters(24)}`,
      'https://hooks.slack.com/services/T00000000/B00000000',
    ],
  ],
  [
    'stripe-key',
    `sk_live_${letters(24)}`,
    [`sk_test_${letters(24)}`, `sk_live_${letters(23)}`, `pk_live_${letters(24)}`],
  ],
  [
    'google-api-key',
    `AIza${letters(35)}`,
    [`AIza${letters(34)}`, `AIza${letters(36)}`, `AIzb${letters(35)}`, `AIza${'A'.repeat(35)}`],
  ],
  ['google-oauth-secret', `GOCSPX-${letters(28)}`, [`GOCSPX-${letters(27)}`, `GOCSPX-${letters(29)}`]],
  [
    'azure-storage-key',
    `AccountKey=${letters(86)}==`,
    [`AccountKey=${letters(85)}==`, `AccountKey=${letters(86)}=x`, `AccountKey=${'A'.repeat(86)}==`],
  ],
  [
    'digitalocean-token',
    `dop_v1_${letters(64, hex)}`,
    [`dop_v1_${letters(63, hex)}`, `dop_v2_${letters(64, hex)}`, `dox_v1_${letters(64, hex)}`],
  ],
  ['docker-token', `dckr_pat_${letters(27)}`, [`dckr_pat_${letters(19)}`, `dckr_xat_${letters(27)}`]],
  [
    'vault-token',
    `hvs.${letters(90)}`,
    [`hvs.${letters(23)}`, `hvx.${letters(90)}`, `hvs.${'ab'.repeat(45)}`],
  ],
  [
    'terraform-token',
    `${letters(14)}.atlasv1.${letters(65)}`,
    [`${letters(13)}.atlasv1.${letters(59)}`, `${letters(14)}.atlasv2.${letters(65)}`],
  ],
  [
    'databricks-token',
    `dapi${letters(32, hex)}`,
    [`dapi${letters(31, hex)}`, `dapj${letters(32, hex)}`, `dapi${letters(33, hex)}`],
  ],
  [
    'openai-key',
    `sk-${letters(20)}T3BlbkFJ${letters(20)}`,
    [
      `sk-${letters(19)}T3BlbkFJ${letters(20)}`,
      `sk-${letters(20)}T3BlbkFK${letters(20)}`,
      `sk-${letters(20)}T3BlbkFJ${letters(19)}`,
    ],
  ],
  [
    'anthropic-key',
    `sk-ant-api03-${letters(93)}`,
    [`sk-ant-api03-${letters(79)}`, `sk-ant-api3-${letters(93)}`],
  ],
  [
    'sendgrid-key',
    `SG.${letters(22)}.${letters(43)}`,
    [
      `SG.${letters(21)}.${letters(43)}`,
      `SG.${letters(22)}.${letters(44)}`,
      `SG-${letters(22)}.${letters(43)}`,
    ],
  ],
  ['shopify-token', `shpat_${letters(32, hex)}`, [`shpat_${letters(31, hex)}`, `shpxx_${letters(32, hex)}`]],
  [
    'telegram-token',
    `${letters(9, '123456789')}:AA${letters(33)}`,
    [
      `${letters(7, '123456789')}:AA${letters(33)}`,
      `${letters(9, '123456789')}:AB${letters(33)}`,
      `${letters(9, '123456789')}:AA${letters(34)}`,
    ],
  ],
  [
    'grafana-token',
    `glsa_${letters(32)}_${letters(8, hex)}`,
    [`glsa_${letters(31)}_${letters(8, hex)}`, `glsa_${letters(32)}_${letters(7, hex)}`],
  ],
]

const rulesIn = (text: string) => findSecrets(`key: ${text} \n`, 'app/notes').map(({ rule }) => rule)

describe.each(cases)('%s', (rule, token, others) => {
  it('is recognised, also in quotes and at the ends of a text', () => {
    for (const text of [token, `"${token}"`, `'${token}',`]) expect(rulesIn(text)).toContain(rule)
    expect(findSecrets(token, 'a').map((hit) => hit.rule)).toContain(rule)
  })

  it.each(others.map((other) => [other]))('is not: %s', (other) => {
    expect(rulesIn(other)).not.toContain(rule)
  })
})

describe('JSON Web Tokens', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signature = letters(43)
  const claims = { iss: 'https://accounts.example', sub: 'me' }

  it.each([
    ['a signed one', `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${signature}`, true],
    ['one that names no algorithm', `${part({ typ: 'JWT', kid: 'x' })}.${part(claims)}.${signature}`, false],
    ['one without signature', `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${signature}`, false],
    [
      'one without issuer',
      `${part({ alg: 'RS256' })}.${part({ sub: 'me', aud: 'you' })}.${signature}`,
      false,
    ],
    ['one whose header is no JSON', `eyJ${letters(20)}.${part(claims)}.${signature}`, false],
    ['one whose claims are a list', `${part({ alg: 'RS256' })}.eyJ${letters(20)}.${signature}`, false],
    ['one whose signature is cut', `${part({ alg: 'RS256' })}.${part(claims)}.${letters(19)}`, false],
  ])('%s: %s', (_, text, expected) => {
    expect(rulesIn(text).includes('jwt')).toBe(expected)
  })
})

describe("Docker's passwords", () => {
  const auth = (text: string) => `{"auths":{"r":{"auth":"${Buffer.from(text).toString('base64')}"}}}`

  it.each([
    ['ann:k3u9-Zq81', true],
    ['ann:a:b:c:d9', true],
    ['ann:pass', false],
    ['ann:password', false],
    ['ann:x1y', false],
    ['ann', false],
    [':k3u9-Zq81', false],
    ['a b:k3u9-Zq81', false],
  ])('%s: %s', (text, expected) => {
    expect(rulesIn(auth(text)).includes('docker-auth')).toBe(expected)
  })
})
