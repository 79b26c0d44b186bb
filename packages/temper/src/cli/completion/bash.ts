import type { CompletedCommand, CompletedOption, Grammar, Values } from './grammar.ts'

/** A completion function for bash 4 or later. */
export function bashScript(grammar: Grammar): string {
  const commands = grammar.commands.map((command) => command.name)
  const cases = grammar.commands.map((command) => commandCase(command))
  const valued = [...grammar.options, ...grammar.commands.flatMap((command) => command.options)]
  return `# Completion for temper; made by "temper completion bash".
# What depends on folders, registries and settings: "temper complete" knows it.
_temper_ask() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <("\${COMP_WORDS[0]}" complete "$1" "$current" 2>/dev/null)
}
_temper_words() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' place=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${patterns(valued.filter((option) => option.values))}) ((i++)) ;;
      -*) ;;
      # Bash takes a colon for a word of its own: it and the rest belong to the word before.
      : | :*) ((i++)) ;;
      *) if [[ -z $command ]]; then command=\${COMP_WORDS[i]}; else ((place++)); fi ;;
    esac
  done
  if [[ -n \${COMP_LINE-} ]]; then
    current=\${COMP_LINE:0:COMP_POINT}
    current=\${current##*[[:blank:]]}
    [[ $current == "\${COMP_WORDS[COMP_CWORD]}" || $current == -* || $place == 0 ]] || ((place--))
  fi
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
_temper() {
  _temper_words
  local line=\${COMP_LINE-} head
  line=\${line:0:\${COMP_POINT-0}}
  line=\${line##*[[:blank:]]}
  # Bash replaces only what follows the last colon.
  if [[ $line == *:* && \${COMP_WORDBREAKS-} == *:* ]]; then
    head=\${line%"\${line##*:}"}
    COMPREPLY=("\${COMPREPLY[@]#"$head"}")
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
  const last = command.repeats ? command.arguments.length - 1 : -1
  const places = command.arguments.map(
    (values, index) => `          ${index === last ? '*' : index}) ${reply(values)} ;;`,
  )
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

const files = 'compopt -o filenames 2>/dev/null; '

function reply(values: Values): string {
  switch (values.kind) {
    case 'folders':
      return `${files}COMPREPLY=($(compgen -d -- "$current"))`
    case 'files':
      return `${files}COMPREPLY=($(compgen -f -- "$current"))`
    case 'asked':
      // A file is completed as one; what is asked for has slashes of its own and may go on.
      return values.orFiles
        ? `compopt -o nospace 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")); _temper_ask ${values.what}`
        : `compopt -o nospace 2>/dev/null; _temper_ask ${values.what}`
    case 'words': {
      const words = `-W '${values.words.join(' ')}'`
      return values.orFiles
        ? `${files}COMPREPLY=($(compgen ${words} -- "$current") $(compgen -f -- "$current"))`
        : `COMPREPLY=($(compgen ${words} -- "$current"))`
    }
  }
}
