import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readManifests } from '../../manifest/read.ts'
import type { PodRule } from '../../rules/kubernetes/pod-rule.ts'
import { baselineRules, podRules, restrictedRules, standardRules } from '../../rules/kubernetes/rules.ts'

interface Sample {
  readonly level: 'baseline' | 'restricted'
  readonly verdict: 'pass' | 'fail'
  readonly name: string
  readonly pod: unknown
}

/** What Kubernetes holds its own admission against. */
const samples: readonly Sample[] = JSON.parse(
  readFileSync(new URL('fixtures/pod-security-1.37.json', import.meta.url), 'utf8'),
)

/** Their name of a control → the rule that is it. */
const controls: Readonly<Record<string, string>> = {
  windowshostprocess: 'pod-host-process',
  hostnamespaces: 'pod-host-namespaces',
  privileged: 'pod-privileged',
  capabilities_baseline: 'pod-capabilities',
  hostpathvolumes: 'pod-host-path',
  hostports: 'pod-host-ports',
  hostprobesandhostlifecycle: 'pod-host-probes',
  apparmorprofile: 'pod-apparmor',
  selinuxoptions: 'pod-selinux',
  procmount: 'pod-proc-mount',
  seccompprofile_baseline: 'pod-seccomp',
  sysctls: 'pod-sysctls',
  restrictedvolumes: 'pod-volume-types',
  allowprivilegeescalation: 'pod-privilege-escalation',
  runasnonroot: 'pod-non-root',
  runasuser: 'pod-root-uid',
  seccompprofile_restricted: 'pod-seccomp-required',
  capabilities_restricted: 'pod-capabilities-dropped',
  procmount_restricted: 'pod-proc-mount-default',
}

function brokenRules(pod: unknown, rules: readonly PodRule[]): readonly string[] {
  const { pods } = readManifests('pod.json', JSON.stringify(pod))
  return pods.flatMap((each) =>
    rules.flatMap((rule) => [...rule.check({ pod: each, contracts: new Map() })].map(() => rule.id)),
  )
}

const named = ({ level, verdict, name }: Sample) => `${level} ${verdict} ${name}`

describe('the Pod Security Standards', () => {
  it('have one rule for each control', () => {
    expect(Object.values(controls).sort()).toEqual(
      [...baselineRules, ...restrictedRules].map(({ id }) => id).sort(),
    )
    const tried = new Set(samples.map(({ name }) => name.replace(/\d+$/, '')))
    expect(Object.keys(controls).filter((name) => !tried.has(name))).toEqual([])
  })

  it.each(samples.filter(({ verdict }) => verdict === 'pass').map((each) => [named(each), each] as const))(
    '%s',
    (_, { level, pod }) => {
      expect(brokenRules(pod, standardRules(level))).toEqual([])
    },
  )

  it.each(samples.filter(({ verdict }) => verdict === 'fail').map((each) => [named(each), each] as const))(
    '%s',
    (_, { level, name, pod }) => {
      expect(brokenRules(pod, standardRules(level))).toContain(controls[name.replace(/\d+$/, '')])
    },
  )
})

describe('whatever a pod says', () => {
  const anything = fc.anything({ maxDepth: 3, withNullPrototype: false })
  const text = fc.constantFrom('', 'Unconfined', 'ALL', 'x', '__proto__')
  const scalar = fc.oneof(fc.boolean(), fc.integer(), text, fc.constant(null))
  const context = fc.dictionary(
    fc.constantFrom('privileged', 'capabilities', 'seccompProfile', 'runAsUser', 'seLinuxOptions', 'sysctls'),
    fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.constantFrom('type', 'add', 'drop', 'name'), scalar)),
  )
  const container = fc.record({ name: scalar, image: scalar, securityContext: fc.oneof(context, scalar) })
  const spec = fc.record({
    containers: fc.array(fc.oneof(container, scalar)),
    volumes: fc.oneof(scalar, fc.array(fc.oneof(scalar, fc.dictionary(text, scalar)))),
    securityContext: fc.oneof(context, scalar),
  })

  it('rules say something or nothing of it, and never fail', () => {
    fc.assert(
      fc.property(fc.oneof(spec, anything), (made) => {
        brokenRules(JSON.parse(JSON.stringify({ kind: 'Pod', spec: made }) ?? '{}'), podRules)
      }),
    )
  })
})
