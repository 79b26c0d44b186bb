import type { CompletedCommand, CompletedOption, Grammar, Values } from './grammar.ts'

/** A completion function for bash 4 or later. */
export function bashScript(grammar: Grammar): string {
  const commands = grammar.commands.map((command) => command.name)
  const cases = grammar.commands.map((command) => commandCase(command))
  const valued = [...grammar.options, ...grammar.commands.flatMap((command) => command.options)]
  return `# Completion for temper; made by "temper completion bash".
_temper() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' place=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${patterns(valued.filter((option) => option.values))}) ((i++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=\${COMP_WORDS[i]}; else ((place++)); fi ;;
    esac
  done
  case $previous in
${optionCases(grammar.options)}
  esac
  case $command in
    '')
      COMPREPLY=($(compgen -W '${[...commands, ...flagNames(grammar.options)].join(' ')}' -- "$current"))
      ;;
${cases.join('\n')}
  esac
  if [[ -n $command && $current == -* ]]; then
    COMPREPLY+=($(compgen -W '${flagNames(grammar.options).join(' ')}' -- "$current"))
  fi
}
complete -F _temper temper ./temper
`
}

function patterns(options: readonly CompletedOption[]): string {
  return [...new Set(options.flatMap((option) => option.names))].join(' | ')
}

function flagNames(options: readonly CompletedOption[]): readonly string[] {
  return options.flatMap((option) => option.names.filter((name) => name.startsWith('--')))
}

function optionCases(options: readonly CompletedOption[]): string {
  const lines = options.flatMap((option) =>
    option.values ? [`    ${option.names.join(' | ')}) ${reply(option.values)}; return ;;`] : [],
  )
  return lines.length > 0 ? lines.join('\n') : '    *) ;;'
}

function commandCase(command: CompletedCommand): string {
  const places = command.arguments.map((values, index) => `          ${index}) ${reply(values)} ;;`)
  return `    ${command.name})
      case $previous in
${optionCases(command.options)}
      esac
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W '${flagNames(command.options).join(' ')}' -- "$current"))
      else
        case $place in
${places.length > 0 ? places.join('\n') : '          *) ;;'}
        esac
      fi
      ;;`
}

function reply(values: Values): string {
  const files = 'compopt -o filenames 2>/dev/null; '
  if (values.kind === 'folders') return `${files}COMPREPLY=($(compgen -d -- "$current"))`
  if (values.kind === 'files') return `${files}COMPREPLY=($(compgen -f -- "$current"))`
  const words = `-W '${values.words.join(' ')}'`
  return values.orFiles
    ? `${files}COMPREPLY=($(compgen ${words} -- "$current") $(compgen -f -- "$current"))`
    : `COMPREPLY=($(compgen ${words} -- "$current"))`
}
