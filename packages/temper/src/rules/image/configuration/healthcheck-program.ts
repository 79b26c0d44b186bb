import { entryOf } from '../entry.ts'
import { imageRule } from '../rule.ts'

export const healthcheckProgram = imageRule({
  id: 'healthcheck-program',
  title: 'The program of the health check exists',
  why: 'A check that cannot run always fails: the container counts as unhealthy and is restarted again and again.',
  fix: 'check with a program of the image, in exec form: HEALTHCHECK CMD ["/usr/bin/app", "ping"]',
  level: 'warning',
  aspect: 'policy',
  tier: 'hardened',
  setting: 'health-check',
  needs: ['image'],
  *check(subject) {
    const { image } = subject
    const [kind = '', program = ''] = image.settings.Healthcheck?.Test ?? []
    if (!image.platform.startsWith('linux/') || (kind !== 'CMD' && kind !== 'CMD-SHELL')) return
    const name = kind === 'CMD' ? program : '/bin/sh'
    const settings = { ...image.settings, Entrypoint: [name], Cmd: [] }
    const { node } = entryOf(subject, { ...image, settings })
    if (node === undefined)
      yield { place: { kind: 'whole' }, subject: 'HEALTHCHECK', found: `${name.slice(0, 200)} is not there` }
  },
})
