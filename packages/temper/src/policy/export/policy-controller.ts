import type { AdmissionRule, ExportedPolicies, ExportedSigner } from './admission-rule.ts'

type Json = Readonly<Record<string, unknown>>

/** Where the public good instance of Sigstore certifies identities and logs signatures. */
const publicServices = { fulcio: 'https://fulcio.sigstore.dev', rekor: 'https://rekor.sigstore.dev' } as const

/** ClusterImagePolicy of Sigstore's policy-controller (policy.sigstore.dev/v1beta1), one for each rule. */
export function policyControllerPolicies(rules: readonly AdmissionRule[]): ExportedPolicies {
  const single = rules.some(({ images }) => images.some((pattern) => pattern.includes('?')))
  return {
    objects: rules.map(policy),
    notes: [
      'Every policy that matches an image counts, not only the first as in a trust file: patterns should not overlap.',
      'Only namespaces with the label policy.sigstore.dev/include=true are checked, and images that no policy matches are admitted unless the controller is told otherwise (no-match-policy: deny).',
      ...(single
        ? ['A question mark in a pattern became a star: there it stands for any number of characters.']
        : []),
    ],
  }
}

function policy({ name, images, signers, attestations }: AdmissionRule): Json {
  return {
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name },
    spec: {
      mode: 'enforce',
      // A glob has to fit the tag or digest too.
      images: images.flatMap((pattern) => {
        const glob = pattern.replaceAll('?', '*')
        return [{ glob: `${glob}:**` }, { glob: `${glob}@**` }]
      }),
      authorities: signers.flatMap((signer) => authorities(signer, attestations)),
    },
  }
}

/** Each is enough, as in a trust file. Statements that are asked for have to be signed by the same. */
function authorities({ name, keys, identity }: ExportedSigner, types: readonly string[]): readonly Json[] {
  const attestations = types.map((predicateType, i) => ({ name: `statement-${i + 1}`, predicateType }))
  const more = {
    signatureFormat: 'bundle',
    ...(attestations.length === 0 ? {} : { attestations }),
  }
  const ofKeys = keys.map((data, i) => ({
    name: i === 0 ? name : `${name}-${i + 1}`,
    key: { data, hashAlgorithm: 'sha256' },
    ...more,
  }))
  if (identity === undefined) return ofKeys
  const { identity: subject, identityRegexp: subjectRegExp, issuer, issuerRegexp: issuerRegExp } = identity
  const keyless = Object.fromEntries(
    Object.entries({ subject, subjectRegExp, issuer, issuerRegExp }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  return [
    ...ofKeys,
    {
      name,
      keyless: { url: publicServices.fulcio, identities: [keyless] },
      ctlog: { url: publicServices.rekor },
      ...more,
    },
  ]
}
