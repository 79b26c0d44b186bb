import {
  type AdmissionRule,
  type ExportedPolicies,
  type ExportedSigner,
  referencePattern,
} from './admission-rule.ts'

type Json = Readonly<Record<string, unknown>>

/** Lists of containers that a pod has, as Kyverno calls them. */
const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const

/**
 * ImageValidatingPolicy (policies.kyverno.io/v1, since Kyverno 1.17), one for each rule. ClusterPolicy is no longer
 * written, since 1.20 removes it.
 */
export function kyvernoPolicies(rules: readonly AdmissionRule[]): ExportedPolicies {
  return {
    objects: rules.map(policy),
    notes: [
      'Every policy that matches an image counts, not only the first as in a trust file: patterns should not overlap.',
      'Names without a registry are compared as written in the pod: write docker.io/library/nginx.',
    ],
  }
}

function policy(rule: AdmissionRule): Json {
  const attestors = rule.signers.flatMap(attestorsOf)
  const list = attestors.map(({ name }) => `attestors[${celText(name)}]`).join(', ')
  const attestations = rule.attestations.map((type, i) => ({ name: `statement-${i + 1}`, intoto: { type } }))
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'ImageValidatingPolicy',
    metadata: { name: rule.name },
    spec: {
      validationActions: ['Deny'],
      failurePolicy: 'Fail',
      webhookConfiguration: { timeoutSeconds: 30 },
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['pods', 'pods/ephemeralcontainers'],
          },
        ],
      },
      matchImageReferences: [{ expression: `ref.matches(${celText(referencePattern(rule.images))})` }],
      validationConfigurations: { mutateDigest: true, verifyDigest: true, required: true },
      attestors: attestors.map(({ name, cosign }) => ({ name, cosign })),
      ...(attestations.length === 0 ? {} : { attestations }),
      validations: [
        ...(rule.signature
          ? lists.map((each) => ({
              expression: `images.${each}.map(image, verifyImageSignatures(image, [${list}])).all(count, count > 0)`,
              message: `no trusted signer has signed the image (${each})`,
            }))
          : []),
        ...attestations.flatMap(({ name, intoto }) =>
          lists.map((each) => ({
            expression: `images.${each}.map(image, verifyAttestationSignatures(image, attestations[${celText(name)}], [${list}])).all(count, count > 0)`,
            message: `no trusted signer has signed ${intoto.type} (${each})`,
          })),
        ),
      ],
    },
  }
}

/** One attestor a key. What a key signed is in no transparency log. */
function attestorsOf({
  name,
  keys,
  identity,
}: ExportedSigner): readonly { readonly name: string; readonly cosign: Json }[] {
  const ofKeys = keys.map((data, i) => ({
    name: i === 0 ? name : `${name}-${i + 1}`,
    cosign: { key: { data }, ctlog: { insecureIgnoreTlog: true, insecureIgnoreSCT: true } },
  }))
  if (identity === undefined) return ofKeys
  const { identity: subject, identityRegexp: subjectRegExp, issuer, issuerRegexp: issuerRegExp } = identity
  const keyless = Object.fromEntries(
    Object.entries({ subject, subjectRegExp, issuer, issuerRegExp }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  return [...ofKeys, { name, cosign: { keyless: { identities: [keyless] } } }]
}

/** A text of CEL (cel-spec, "String and Bytes Values"). */
function celText(text: string): string {
  return JSON.stringify(text)
}
