import { readOptions } from '../../shared/effects/command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import { decodeBytes, encodeBytes } from '../../shared/effects/text/bytes.ts'
import { linesOf } from '../../shared/effects/text/input.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }
const path = 'etc/postfix/main.cf'

/** Values that Debian's Postfix has without being told, of those that scripts ask for (postconf(5)). */
const defaults: Readonly<Record<string, string>> = {
  alias_database: 'hash:/etc/aliases',
  cyrus_sasl_config_path: '',
  default_transport: 'smtp',
  html_directory: '/usr/share/doc/postfix/html',
  multi_instance_directories: '',
  readme_directory: '/usr/share/doc/postfix',
  relay_transport: 'relay',
}

/** Settings of Postfix, in its one file. */
export const postfixSettings: Effect = {
  id: 'postfix-settings',
  title: 'Settings of the Postfix mail server',
  why: 'postfix has no settings but those in /etc/postfix/main.cf, where its scripts put them one after the other.',
  source: 'postconf(1), postconf(5)',
  start: (context) => ({ commands: { postconf: (call) => postconf(call, context) } }),
}

function postconf(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  if (operands.includes(undefined)) return undefined
  const names = operands.filter((name) => name !== undefined)
  if (flags.has('-e')) return setAll(names, call, context)
  if (flags.has('-X') || flags.has('-#')) return call.certain ? dropAll(names, flags, context) : undefined
  const asks = [...flags].every((flag) => /^-[hx]$/.test(flag)) && flags.has('-h') && names.length > 0
  if (!asks) return undefined
  const values = names.map((name) => settingValue(name, context))
  if (values.includes(undefined)) return undefined
  return { status: 0, output: values.map((value) => `${value}\n`).join('') }
}

/** `-e NAME=VALUE`: in the place of the line that is there, or at the end. */
function setAll(
  words: readonly string[],
  call: CommandCall,
  context: EffectContext,
): CommandResult | undefined {
  let text = textOf(context)
  if (text === undefined || !call.certain || words.length === 0) return undefined
  for (const word of words) {
    const [, name, value = ''] = /^([\w.-]+)\s*=\s*(.*?)\s*$/s.exec(word) ?? []
    if (name === undefined) return undefined
    const entries: string[] = settingsOf(text)
    const at = entries.findLastIndex((entry) => nameOf(entry) === name)
    const line = `${name} = ${value}\n`
    if (at < 0) entries.push(line)
    text = entries
      .map((entry, i) => (i === at ? line : nameOf(entry) === name && at >= 0 ? '' : entry))
      .join('')
  }
  return write(text, context)
}

/** `-X NAME` removes settings, `-# NAME` makes comments of them. */
function dropAll(
  names: readonly string[],
  flags: ReadonlySet<string>,
  context: EffectContext,
): CommandResult | undefined {
  const text = textOf(context)
  if (text === undefined) return undefined
  const entries = settingsOf(text).map((entry) => {
    if (!names.includes(nameOf(entry) ?? '')) return entry
    return flags.has('-X') ? '' : entry.replace(/^/gm, '#').replace(/#$/, '')
  })
  return write(entries.join(''), context)
}

function settingValue(name: string, context: EffectContext): string | undefined {
  const text = textOf(context)
  if (text === undefined) return undefined
  const entry = settingsOf(text).findLast((each) => nameOf(each) === name)
  const fallback = Object.hasOwn(defaults, name) ? defaults[name] : undefined
  const value = entry === undefined ? fallback : entry.replace(/^[^=]*=\s*/, '').trimEnd()
  // What refers to other settings would have to be worked out.
  return value?.includes('$') ? undefined : value
}

function textOf({ stage }: EffectContext): string | undefined {
  if (stage.resolve(path) === undefined) return undefined
  const bytes = stage.content(path)
  return bytes && decodeBytes(bytes)
}

function write(text: string, { stage }: EffectContext): CommandResult {
  const { mode = 0o644, uid = 0, gid = 0 } = stage.resolve(path) ?? {}
  stage.put({ path, type: 'file', mode, uid, gid, content: encodeBytes(text) })
  return done
}

/** Comments and settings, each with its end and the lines that go on with it. */
function settingsOf(text: string): string[] {
  const entries: string[] = []
  for (const line of linesOf(text)) {
    const goesOn = /^\s+\S/.test(line) && entries.length > 0 && nameOf(entries.at(-1) ?? '') !== undefined
    if (goesOn) entries.push(`${entries.pop() ?? ''}${line}\n`)
    else entries.push(`${line}\n`)
  }
  return entries
}

function nameOf(entry: string): string | undefined {
  return /^([\w.-]+)\s*=/.exec(entry)?.[1]
}
