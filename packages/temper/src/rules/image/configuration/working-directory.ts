import { imageRule } from '../rule.ts'

export const workingDirectory = imageRule({
  id: 'working-directory',
  title: 'The working directory is an absolute path, and not a system folder',
  why: 'Runtimes refuse a relative path. A folder of the kernel or of devices is different on every machine.',
  fix: 'name a separate folder: WORKDIR /app',
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
