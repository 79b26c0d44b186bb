import fc from 'fast-check'
import { expect, it } from 'vitest'
import { composeYaml } from '../../lockdown/compose.ts'
import type { LockdownFacts } from '../../lockdown/facts.ts'
import { folder, sampleFacts } from '../../lockdown/fixtures/sample.ts'
import { kubernetesYaml } from '../../lockdown/kubernetes.ts'
import { planLockdown } from '../../lockdown/plan.ts'
import { readManifests } from '../../manifest/read.ts'
import { isMountPath, writablePathsLabel } from '../../model/assess/run-contract.ts'
import { contractRules, standardRules } from '../../rules/kubernetes/rules.ts'

/* What is written for an image is judged by the rules that judge what others write. */

const path = fc.oneof(
  fc.constantFrom(
    '/data',
    '/tmp',
    '/var/lib/web',
    '/var/lib/web/deep',
    '/run',
    '/home/web',
    '/a b',
    '/..',
    '/',
  ),
  fc.array(fc.stringMatching(/^[a-z.]{1,4}$/), { maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
)
const account = fc.constantFrom(
  '',
  '0',
  'root',
  '65532',
  '65532:65532',
  '1000:0',
  'web',
  'root:root',
  '0:0',
  '7:web',
)
const image = fc
  .record({
    User: account,
    volumes: fc.array(path, { maxLength: 4 }),
    labels: fc.array(path, { maxLength: 4 }),
    ports: fc.array(fc.constantFrom('80/tcp', '53/udp', '8080', '443', '9/sctp'), { maxLength: 4 }),
    known: fc.boolean(),
    writable: fc.array(path.filter(isMountPath), { maxLength: 3 }),
  })
  .map(({ User, volumes, labels, ports, known, writable }): LockdownFacts => {
    const config = {
      User,
      Volumes: Object.fromEntries(volumes.map((each) => [each, {}])),
      ExposedPorts: Object.fromEntries(ports.map((each) => [each, {}])),
      ...(labels.length === 0 ? {} : { Labels: { [writablePathsLabel]: labels.join(' ') } }),
    }
    const facts = sampleFacts(config, { writable: writable.map((each) => folder(each)) })
    const { uid = known ? 65_532 : undefined, gid = 0 } = facts.contract
    return { ...facts, user: uid === undefined ? undefined : { uid, gid } }
  })

function broken(file: string, text: string, facts: LockdownFacts) {
  const { pods } = readManifests(file, text)
  expect(pods).toHaveLength(1)
  return pods.flatMap((pod) => {
    const contracts = new Map(pod.containers.map((container) => [container, facts.contract]))
    const rulesOf = (rules: ReturnType<typeof standardRules>) =>
      rules.flatMap((rule) => [...rule.check({ pod, contracts })].map(({ found }) => `${rule.id}: ${found}`))
    return [
      {
        restricted: rulesOf(standardRules('restricted')),
        baseline: rulesOf(standardRules('baseline')),
        contract: rulesOf(contractRules),
      },
    ]
  })[0]
}

it('keeps to the level of the Pod Security Standards that it claims, to no higher one, and gives the image what it declares', () => {
  fc.assert(
    fc.property(image, (facts) => {
      const plan = planLockdown(facts)
      const rules = broken('lockdown.yaml', kubernetesYaml(plan), facts)
      expect(rules?.baseline).toEqual([])
      expect(rules?.restricted.length === 0).toBe(plan.podSecurity.level === 'restricted')
      // An image whose user nobody knows runs as whoever that is.
      if (plan.user !== undefined) expect(rules?.contract).toEqual([])
    }),
  )
})

it('gives the image what it declares in a Compose file, too', () => {
  fc.assert(
    fc.property(image, (facts) => {
      const plan = planLockdown(facts)
      const rules = broken('compose.yaml', composeYaml(plan), facts)
      expect(rules?.baseline).toEqual([])
      if (plan.user !== undefined) expect(rules?.contract).toEqual([])
    }),
  )
})
