import { imageRule } from '../rule.ts'
import { instructionsOf } from './instructions.ts'

const remote = /^(?:\/bin\/sh -c #\(nop\) +)?ADD (?:--\S{1,200} ){0,8}(?:https?|ftp|git):\/\/\S+/

export const remoteAdd = imageRule({
  id: 'remote-add',
  title: 'No instruction adds a file from an address without its checksum',
  why: "Tomorrow the address may serve a different file, or somebody else's, and nothing notices.",
  fix: 'write ADD --checksum=sha256:… with the address',
  level: 'warning',
  aspect: 'provenance',
  tier: 'secure',
  setting: 'history',
  needs: ['image'],
  *check({ image }) {
    for (const { position, text } of instructionsOf(image)) {
      const instruction = remote.exec(text)?.[0]
      if (instruction !== undefined && !instruction.includes('--checksum='))
        yield {
          place: { kind: 'whole' },
          subject: `history entry ${position}`,
          found: 'it adds a file from an address without a checksum',
        }
    }
  },
})
