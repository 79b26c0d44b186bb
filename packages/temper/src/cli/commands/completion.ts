import { Argument } from 'commander'
import { argument } from '../options/option.ts'
import type { CommandDefinition } from '../program/command.ts'

export const command: CommandDefinition = {
  name: 'completion',
  summary: 'print a script that completes commands, options and names in your shell',
  configure: (command) => {
    command.addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
  },
  examples: [
    { command: 'source <(temper completion bash)', does: 'bash: put this line into ~/.bashrc' },
    { command: 'temper completion zsh > ~/.zfunc/_temper', does: 'zsh: a folder of your $fpath' },
    { command: 'temper completion fish > ~/.config/fish/completions/temper.fish', does: 'fish' },
  ],
  run: async (invocation) => {
    const shell = argument(invocation.args, 0)
    const { completionScript } = await import('../completion/completion.ts')
    const script = completionScript(shell, await invocation.program())
    return { json: { shell, script }, text: () => script, kind: 'document' }
  },
}
