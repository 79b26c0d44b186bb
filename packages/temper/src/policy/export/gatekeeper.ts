import { type AdmissionRule, type ExportedPolicies, referencePattern } from './admission-rule.ts'

const kind = 'TemperImages'

/**
 * A Gatekeeper constraint (templates.gatekeeper.sh/v1) that allows only images from the repositories of the rules,
 * each by digest. Gatekeeper itself verifies no signatures, so those have to be checked beforehand.
 */
export function gatekeeperPolicies(rules: readonly AdmissionRule[]): ExportedPolicies {
  const allowed = rules.map(({ images }) => referencePattern(images))
  return {
    objects: [
      {
        apiVersion: 'templates.gatekeeper.sh/v1',
        kind: 'ConstraintTemplate',
        metadata: { name: kind.toLowerCase() },
        spec: {
          crd: { spec: { names: { kind }, validation: { openAPIV3Schema: parameters } } },
          targets: [{ target: 'admission.k8s.gatekeeper.sh', rego }],
        },
      },
      {
        apiVersion: 'constraints.gatekeeper.sh/v1beta1',
        kind,
        metadata: { name: 'temper-images' },
        spec: {
          enforcementAction: 'deny',
          match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }] },
          parameters: { allowed },
        },
      },
    ],
    notes: [
      'Gatekeeper verifies no signatures by itself: this lets in only images of the repositories of the trust file, by digest. Verify them beforehand (temper admit), or add an external data provider.',
    ],
  }
}

const parameters = {
  type: 'object',
  properties: { allowed: { type: 'array', items: { type: 'string' } } },
}

const rego = `package temperimages

containers[container] { container := input.review.object.spec.containers[_] }
containers[container] { container := input.review.object.spec.initContainers[_] }
containers[container] { container := input.review.object.spec.ephemeralContainers[_] }

allowed(image) { regex.match(input.parameters.allowed[_], image) }

violation[{"msg": msg}] {
  container := containers[_]
  not allowed(container.image)
  msg := sprintf("container %v: no trusted signer vouches for images such as %v", [container.name, container.image])
}

violation[{"msg": msg}] {
  container := containers[_]
  not regex.match("@sha256:[0-9a-f]{64}$", container.image)
  msg := sprintf("container %v: %v is not named by digest", [container.name, container.image])
}
`
