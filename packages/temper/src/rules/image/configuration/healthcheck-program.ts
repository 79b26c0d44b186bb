import { entryOf } from '../entry.ts'
import { imageRule } from '../rule.ts'

export const healthcheckProgram = imageRule({
  id: 'healthcheck-program',
  title: 'The program that asks whether it is well is there',
  why: 'A check that cannot run fails always: the container counts as ill, and is started again and again.',
  fix: 'ask with a program of the image, in exec form: HEALTHCHECK CMD ["/usr/bin/app", "ping"]',
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
