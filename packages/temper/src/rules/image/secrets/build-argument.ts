import { imageRule } from '../rule.ts'

/** As the history has it: "|2 NAME=value OTHER=value /bin/sh -c …" (moby, builder/dockerfile). */
const recorded = /(?:^|\s)\|\d{1,3} /
const shell = ' /bin/sh -c'
const secretName = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i
const shortest = 8

export const buildArgument = imageRule({
  id: 'build-argument',
  title: 'No build argument carries a secret',
  why: 'The value of a build argument stays in the history of the image, in every instruction that runs after it.',
  fix: 'revoke it, and pass it to the build with RUN --mount=type=secret instead of ARG',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'minimal',
  setting: 'build-argument',
  needs: ['image'],
  *check({ image }) {
    const told = new Set<string>()
    for (const { created_by: by = '' } of image.config.history ?? []) {
      const words = argumentsIn(by.slice(0, 65_536))
      for (const word of words) {
        const [name = '', value = ''] = word.split('=', 2)
        if (!secretName.test(name) || value.length < shortest || told.has(name)) continue
        told.add(name)
        yield {
          place: { kind: 'whole' },
          subject: `ARG ${name.slice(0, 80)}`,
          found: 'its value is in the history',
        }
      }
    }
  },
})

function argumentsIn(text: string): string[] {
  const start = recorded.exec(text)
  const end = text.indexOf(shell)
  return start === null || end < start.index ? [] : text.slice(start.index + start[0].length, end).split(' ')
}
