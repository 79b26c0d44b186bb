import { type CompletedOption, type Grammar, quoted, type Values } from './grammar.ts'

/** What depends on folders, registries and settings: "temper complete" knows it. */
const asking = [
  'function __temper_ask',
  '  set -l words (commandline -opc)',
  '  $words[1] complete $argv[1] (commandline -ct) 2>/dev/null',
  '  # Fish would offer files behind each colon.',
  "  if test (count $argv) -gt 1; and not string match -q '*:*' -- (commandline -ct)",
  '    __fish_complete_path (commandline -ct)',
  '  end',
  'end',
]

/** Completion rules for fish 3. */
export function fishScript(grammar: Grammar): string {
  const names = grammar.commands.map((command) => command.name).join(' ')
  const lines = [
    '# Completion for temper; made by "temper completion fish".',
    ...asking,
    'complete -c temper -f',
  ]
  const outside = `-n ${quoted(`not __fish_seen_subcommand_from ${names}`)}`
  for (const command of grammar.commands) {
    lines.push(`complete -c temper ${outside} -a ${command.name} -d ${quoted(command.description)}`)
  }
  for (const option of grammar.options) lines.push(`complete -c temper ${optionPart(option)}`)
  for (const command of grammar.commands) {
    const inside = `-n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`
    for (const option of command.options) lines.push(`complete -c temper ${inside} ${optionPart(option)}`)
    for (const values of command.arguments) {
      const part = valuesPart(values)
      if (part !== '') lines.push(`complete -c temper ${inside} ${part}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function optionPart(option: CompletedOption): string {
  const names = option.names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  )
  const values = option.values ? ` -r ${valuesPart(option.values)}`.trimEnd() : ''
  return `${names.join(' ')}${values} -d ${quoted(option.description)}`
}

function valuesPart(values: Values): string {
  if (values.kind === 'asked') return `-a '(__temper_ask ${values.what}${values.orFiles ? ' files' : ''})'`
  if (values.kind === 'folders') return "-a '(__fish_complete_directories)'"
  if (values.kind === 'files') return '-F'
  const words = values.words.length > 0 ? `-a ${quoted(values.words.join(' '))}` : ''
  return values.orFiles ? `-F ${words}`.trimEnd() : words
}
