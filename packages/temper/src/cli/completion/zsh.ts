import type { CompletedCommand, CompletedOption, Grammar, Values } from './grammar.ts'

/** A completion function for zsh's compsys. */
export function zshScript(grammar: Grammar): string {
  const commands = grammar.commands.map(
    (command) => `    '${escaped(command.name)}:${escaped(command.description)}'`,
  )
  const global = grammar.options.flatMap(optionSpecs)
  return `#compdef temper
# Completion for temper; made by "temper completion zsh".
# What depends on folders, registries and settings: "temper complete" knows it.
_temper_ask() {
  local -a asked
  asked=(\${(f)"$($_temper_program complete $1 $PREFIX 2>/dev/null)"})
  (( $#asked )) && compadd -S '' -a asked
  [[ $2 == files ]] && _files
}
_temper() {
  local _temper_program=$words[1]
  local context state state_descr line
  typeset -A opt_args
  local -a commands global
  commands=(
${commands.join('\n')}
  )
  global=(
${global.map((spec) => `    ${spec}`).join('\n')}
  )
  _arguments -C $global '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${grammar.commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _temper "$@"; else compdef _temper temper; fi
`
}

function commandCase(command: CompletedCommand): string {
  const last = command.repeats ? command.arguments.length - 1 : -1
  const places = command.arguments.map(
    (values, index) => `'${index === last ? '*' : index + 1}: :${action(values)}'`,
  )
  const specs = ['$global', ...command.options.flatMap(optionSpecs), ...places]
  return `        ${command.name}) _arguments ${specs.join(' ')} ;;`
}

function optionSpecs(option: CompletedOption): readonly string[] {
  const value = option.values ? `:value:${action(option.values)}` : ''
  return option.names.map((name) => `'*${name}[${escaped(option.description)}]${value}'`)
}

function action(values: Values): string {
  if (values.kind === 'folders') return '_files -/'
  if (values.kind === 'files') return '_files'
  if (values.kind === 'asked') return `{_temper_ask ${values.what}${values.orFiles ? ' files' : ''}}`
  const words = `(${values.words.map(escaped).join(' ')})`
  return values.orFiles ? `{_alternative "names:name:${words}" "files:file:_files"}` : words
}

/** Inside single quotes and brackets of a specification. */
function escaped(text: string): string {
  return text.replaceAll("'", '’').replace(/[\\[\]:]/g, '\\$&')
}
