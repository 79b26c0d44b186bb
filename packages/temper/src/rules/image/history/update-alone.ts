import { imageRule } from '../rule.ts'
import { instructionsOf } from './instructions.ts'

const update =
  /\b(?:apt(?:-get)?\s{1,9}(?:-\S{1,80}\s{1,9}){0,8}update|apk\s{1,9}(?:-\S{1,80}\s{1,9}){0,8}update|(?:yum|dnf|microdnf)\s{1,9}(?:-\S{1,80}\s{1,9}){0,8}(?:makecache|check-update))\b/
const install =
  /\b(?:apt(?:-get)?|apk|yum|dnf|microdnf|aptitude|dpkg)\s{1,9}(?:-\S{1,80}\s{1,9}){0,8}(?:install|add|upgrade|dist-upgrade|full-upgrade|download|build-dep|source|remove|purge)\b/

export const updateAlone = imageRule({
  id: 'update-alone',
  title: 'No instruction only updates the lists of packages',
  why: 'The layer is cached, and later instructions install from it: they then get the versions of that day.',
  fix: 'write update and install in one RUN',
  level: 'note',
  aspect: 'patching',
  tier: 'secure',
  setting: 'history',
  needs: ['image'],
  *check({ image }) {
    for (const { position, text } of instructionsOf(image))
      if (update.test(text) && !install.test(text))
        yield {
          place: { kind: 'whole' },
          subject: `history entry ${position}`,
          found: 'it updates lists and installs nothing',
        }
  },
})
