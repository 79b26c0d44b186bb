import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../effect.ts'

const done: CommandResult = { status: 0, output: '' }
const registry = 'etc/odbcinst.ini'
const countKey = 'UsageCount'

/** The drivers of ODBC that packages register, by which programs find them under their names. */
export const odbcDrivers: Effect = {
  id: 'odbc-drivers',
  title: 'Registered drivers of ODBC',
  why: 'Programs name a driver, and unixODBC looks into /etc/odbcinst.ini for its library.',
  source: 'odbcinst(1), odbcinst.ini(5)',
  start(context) {
    const names = new Set<string>()
    return {
      commands: { odbcinst: (call) => register(call, context, names) },
      finish: () => {
        if (names.size > 0) context.note('odbc-drivers', [...names].join(', '))
      },
    }
  },
}

/** `odbcinst -i -d -f FILE`: each section of the file is a driver, and goes to the end of the list. */
function register(
  { arguments: words, certain }: CommandCall,
  { stage }: EffectContext,
  names: Set<string>,
): CommandResult | undefined {
  const { values, flags } = readOptions(words, { valued: ['-f', '-n'] })
  const template = values.get('-f')
  const text = template === undefined ? undefined : stage.text(template.slice(1))
  const isInstall = flags.has('-i') && flags.has('-d') && !values.has('-n')
  if (!certain || !isInstall || text === undefined || !template?.startsWith('/')) return undefined
  const present = stage.get(registry) === undefined ? '' : stage.text(registry)
  if (present === undefined) return undefined
  const drivers = readSections(present)
  for (const [name, fields] of readSections(text)) {
    const count = Number(drivers.get(name)?.get(countKey) ?? '0') + 1
    drivers.delete(name)
    drivers.set(name, new Map([...fields, [countKey, Number.isSafeInteger(count) ? `${count}` : '1']]))
    names.add(name)
  }
  const content = new TextEncoder().encode(formatSections(drivers))
  stage.put({ path: registry, type: 'file', mode: 0o644, content })
  return done
}

type Sections = Map<string, Map<string, string>>

/** As unixODBC reads it: comments are lost, a key keeps its first place. */
function readSections(text: string): Sections {
  const sections: Sections = new Map()
  let fields: Map<string, string> | undefined
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    const name = /^\[([^\]]*)\]/.exec(line)?.[1]
    if (name !== undefined) {
      fields = sections.get(name) ?? new Map()
      sections.set(name, fields)
      continue
    }
    const equals = line.indexOf('=')
    if (fields !== undefined && equals > 0 && !/^[;#]/.test(line))
      fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  return sections
}

function formatSections(sections: Sections): string {
  return [...sections]
    .map(
      ([name, fields]) => `[${name}]\n${[...fields].map(([key, value]) => `${key}=${value}\n`).join('')}\n`,
    )
    .join('')
}
