import { entryOf } from '../entry.ts'
import { imageRule } from '../rule.ts'

export const relativeEntrypoint = imageRule({
  id: 'relative-entrypoint',
  title: 'The program is named by its full path',
  why: 'A name is looked up in PATH or the working directory: whoever can write there, or set PATH, chooses what is started.',
  fix: 'write the full path: ENTRYPOINT ["/usr/bin/app"]',
  level: 'note',
  aspect: 'attack-surface',
  tier: 'secure',
  setting: 'entrypoint',
  needs: ['image'],
  *check(subject) {
    const { command, node } = entryOf(subject, subject.image)
    const [name = ''] = command
    if (name === '' || name.startsWith('/') || !subject.image.platform.startsWith('linux/')) return
    const shown = name.slice(0, 200)
    yield {
      place: { kind: 'whole' },
      subject: shown,
      found: `"${shown}" is looked up when the container starts`,
      ...(node === undefined ? {} : { remedy: `write the full path: "/${node.path}"` }),
    }
  },
})
