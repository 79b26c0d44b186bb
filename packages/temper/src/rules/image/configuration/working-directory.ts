import { imageRule } from '../rule.ts'

export const workingDirectory = imageRule({
  id: 'working-directory',
  title: 'The working directory is a whole path, and no folder of the system',
  why: 'Runtimes refuse a relative one. One that belongs to the kernel or the devices is another one on each machine.',
  fix: 'name a folder of its own: WORKDIR /app',
  level: 'warning',
  aspect: 'policy',
  tier: 'minimal',
  setting: 'working-directory',
  needs: ['image'],
  *check({ image }) {
    const text = image.settings.WorkingDir ?? ''
    if (text === '' || !image.platform.startsWith('linux/')) return
    const wrong = !text.startsWith('/') || /^\/(?:proc|sys|dev|boot)(?:\/|$)/.test(text)
    if (wrong)
      yield { place: { kind: 'whole' }, subject: 'WORKDIR', found: `WORKDIR is "${text.slice(0, 200)}"` }
  },
})
