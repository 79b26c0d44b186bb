import { Document, isMap, isScalar, type ParsedNode } from 'yaml'
import { type Lockdown, mountNames } from './plan.ts'
import { yamlOptions } from './yaml-options.ts'

type Json = Readonly<Record<string, unknown>>

/** A Deployment and a NetworkPolicy (Kubernetes apps/v1, networking.k8s.io/v1) that let the image do what it declares. */
export function kubernetesObjects(plan: Lockdown): readonly [Json, Json] {
  const { name } = plan
  const labels = { 'app.kubernetes.io/name': name }
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(plan) },
      },
    },
    networkPolicy(plan, labels),
  ]
}

function podSpec(plan: Lockdown): Json {
  const { user, mounts, name } = plan
  const names = mountNames(mounts)
  const sysctls = Object.entries(plan.sysctls).map(([setting, value]) => ({ name: setting, value }))
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      ...(user === undefined
        ? {}
        : { runAsNonRoot: true, runAsUser: user.uid, runAsGroup: user.gid, fsGroup: user.gid }),
      seccompProfile: { type: 'RuntimeDefault' },
      ...(sysctls.length === 0 ? {} : { sysctls }),
    },
    containers: [
      {
        name,
        image: plan.image,
        ...(plan.ports.length === 0
          ? {}
          : {
              ports: plan.ports.map(({ port, protocol }) => ({
                containerPort: port,
                protocol: protocol.toUpperCase(),
              })),
            }),
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: resources(plan),
        ...(mounts.length === 0
          ? {}
          : { volumeMounts: mounts.map(({ path }, i) => ({ name: names[i], mountPath: path })) }),
      },
    ],
    ...(mounts.length === 0
      ? {}
      : {
          volumes: mounts.map(({ kind }, i) => ({
            name: names[i],
            emptyDir: kind === 'data' ? {} : { sizeLimit: `${plan.resources.scratchMiB}Mi` },
          })),
        }),
  }
}

function resources({ resources: hints, mounts }: Lockdown): Json {
  const scratch = mounts.filter(({ kind }) => kind === 'scratch').length * hints.scratchMiB
  return {
    requests: { cpu: hints.cpu, memory: `${hints.memoryMiB}Mi` },
    limits: {
      memory: `${hints.memoryMiB}Mi`,
      ...(mounts.some(({ kind }) => kind === 'data')
        ? {}
        : { 'ephemeral-storage': `${scratch + hints.scratchMiB}Mi` }),
    },
  }
}

/** Whoever is asked for a port may be asked; what it asks itself has to be added. */
function networkPolicy({ name, ports }: Lockdown, labels: Json): Json {
  const declared = ports.map(({ port, protocol }) => ({ port, protocol: protocol.toUpperCase() }))
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: declared.length === 0 ? [] : [{ ports: declared }],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
      ],
    },
  }
}

/** The objects as YAML, with what is not proved said beside it. */
export function kubernetesYaml(plan: Lockdown): string {
  const [deployment, policy] = kubernetesObjects(plan).map((object) => new Document(object, yamlOptions))
  if (deployment === undefined || policy === undefined) return ''
  const { level, below } = plan.podSecurity
  deployment.commentBefore = comment([
    `Pod Security Standard: ${level}${below.length === 0 ? '' : ` (${below.join('; ')})`}.`,
    `On the namespace: pod-security.kubernetes.io/enforce: ${level}`,
    ...plan.notes,
  ])
  const container = ['spec', 'template', 'spec', 'containers', 0]
  remark(
    deployment,
    [...container, 'resources'],
    'Starting values that nothing in the image proves: measure, then change.',
  )
  plan.mounts.forEach(({ kind }, i) => {
    if (kind === 'data')
      remark(
        deployment,
        ['spec', 'template', 'spec', 'volumes', i, 'emptyDir'],
        'A volume of the image: name a claim here, or its data is lost with the pod.',
      )
  })
  policy.commentBefore = comment([
    'The ports that the image declares can be reached. Add what it connects to under egress.',
  ])
  const options = { lineWidth: 0 }
  return `${deployment.toString(options)}---\n${policy.toString(options)}`
}

function remark(document: Document, path: readonly (string | number)[], text: string): void {
  const parent = document.getIn(path.slice(0, -1), true)
  if (!isMap<ParsedNode>(parent)) return
  for (const { key } of parent.items)
    if (isScalar(key) && key.value === path.at(-1)) key.commentBefore = ` ${text}`
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => ` ${line.replaceAll(/[\r\n\p{Zl}\p{Zp}]+/gu, ' ')}`).join('\n')
}
