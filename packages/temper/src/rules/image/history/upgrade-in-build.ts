import { imageRule } from '../rule.ts'
import { instructionsOf } from './instructions.ts'

const upgrade =
  /\b(?:apt(?:-get)?\s{1,9}(?:-\S{1,80}\s{1,9}){0,8}(?:upgrade|dist-upgrade|full-upgrade)|apk\s{1,9}(?:-\S{1,80}\s{1,9}){0,8}upgrade|(?:yum|dnf|microdnf|zypper)\s{1,9}(?:-\S{1,80}\s{1,9}){0,8}(?:upgrade|update|dist-upgrade|dup))\b/

export const upgradeInBuild = imageRule({
  id: 'upgrade-in-build',
  title: 'No instruction upgrades all packages of the base image',
  why: 'The packages of the base are then stored twice, and the same Dockerfile gives a different image every day.',
  fix: 'take a newer base image, by its digest',
  level: 'note',
  aspect: 'patching',
  tier: 'secure',
  setting: 'history',
  needs: ['image'],
  *check({ image }) {
    for (const { position, text } of instructionsOf(image)) {
      const command = upgrade.exec(text)?.[0]
      if (command !== undefined)
        yield {
          place: { kind: 'whole' },
          subject: `history entry ${position}`,
          found: `it runs "${command.slice(0, 80)}"`,
        }
    }
  },
})
