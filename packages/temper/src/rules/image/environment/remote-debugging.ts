import { variablesOf } from '../environment.ts'
import { imageRule } from '../rule.ts'

/** Options by which a program waits for a debugger: Java, Node.js, Python, Delve, .NET, PHP, Ruby. */
const waiting =
  /-agentlib:jdwp|-Xrunjdwp|(?:^|\s)--inspect(?:-brk|-wait)?(?:[=\s]|$)|-m\s(?:debugpy|ptvsd|pdb)\b|(?:^|\/)dlv(?:\s|$)|xdebug\.mode=\S*debug|(?:^|\/)rdebug-ide|(?:^|\/)gdbserver|com\.sun\.management\.jmxremote\.(?:port=|authenticate=false)/

export const remoteDebugging = imageRule({
  id: 'remote-debugging',
  title: 'No program waits for a debugger',
  why: 'A debugger runs code in the program, and the port that it comes in at asks for no password.',
  fix: 'leave the option out, and build another image for development',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'environment',
  needs: ['image'],
  *check({ image }) {
    const { Entrypoint, Cmd } = image.settings
    const texts = [
      ...variablesOf(image.settings).map(({ name, value }) => [`ENV ${name}`, value] as const),
      ['the command', [...(Entrypoint ?? []), ...(Cmd ?? [])].join(' ')] as const,
    ]
    for (const [subject, text] of texts) {
      const option = waiting.exec(text.slice(0, 16_384))?.[0]
      if (option !== undefined)
        yield { place: { kind: 'whole' }, subject, found: `it has "${option.trim()}"` }
    }
  },
})
