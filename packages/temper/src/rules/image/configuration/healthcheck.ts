import { exposedPorts } from '../ports.ts'
import { imageRule } from '../rule.ts'

export const healthcheck = imageRule({
  id: 'healthcheck',
  title: 'A service says how to check its health',
  why: 'Docker and Podman then show what hangs, and Swarm and Podman can restart it. Kubernetes probes in its own way and ignores this.',
  fix: 'add HEALTHCHECK with a program of the image, or HEALTHCHECK NONE where somebody else asks',
  level: 'note',
  aspect: 'policy',
  tier: 'secure',
  setting: 'health-check',
  needs: ['image'],
  *check({ image }) {
    const { Healthcheck } = image.settings
    if ((Healthcheck?.Test ?? []).length === 0 && exposedPorts(image.settings).length > 0)
      yield { place: { kind: 'whole' }, subject: 'HEALTHCHECK', found: 'it has ports and no HEALTHCHECK' }
  },
})
