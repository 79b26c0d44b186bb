import type { Effect, EffectContext } from '../../shared/effects/effect.ts'
import { decodeText } from '../../shared/effects/text/input.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }

/** Files that are made, and what the profiles call what goes into each. */
const files: Readonly<Record<string, { readonly kind: string; readonly keyword: string }>> = {
  'common-auth': { kind: 'Auth', keyword: 'auth' },
  'common-account': { kind: 'Account', keyword: 'account' },
  'common-password': { kind: 'Password', keyword: 'password' },
  'common-session': { kind: 'Session', keyword: 'session' },
  'common-session-noninteractive': { kind: 'Session', keyword: 'session' },
}

/** A profile's fields; lines of modules without their indentation. */
type Profile = ReadonlyMap<string, string>

/** Effect: the PAM modules of all services, which are those whose profile is enabled by default, by priority. */
export const pamProfiles: Effect = {
  id: 'pam-profiles',
  title: 'Modules that all services ask',
  why: 'Services include /etc/pam.d/common-auth and its like, which pam-auth-update makes; without them nobody gets in.',
  source: 'pam-auth-update(8); pam.d(5)',
  start(context) {
    let asked = false
    return {
      owns: Object.keys(files).flatMap((name) => [`etc/pam.d/${name}`, `etc/pam.d/${name}.pam-old`]),
      commands: {
        'pam-auth-update': () => {
          asked = true
          return done
        },
      },
      finish: () => {
        if (asked) makeFiles(context)
      },
    }
  },
}

function makeFiles(context: EffectContext): void {
  const { stage } = context
  const profiles = enabledProfiles(context)
  for (const [name, { kind, keyword }] of Object.entries(files)) {
    const template = stage.text(`usr/share/pam/${name}`)
    if (template === undefined || stage.resolve(`etc/pam.d/${name}`)) continue
    const interactive = name !== 'common-session-noninteractive'
    const fitting = profiles.filter(
      (profile) => interactive || profile.get('Session-Interactive-Only') !== 'yes',
    )
    const text = template
      .replace(/^\$\w+_primary$/m, () => primary(fitting, kind, keyword))
      .replace(/^\$\w+_additional$/m, () => block(fitting, { kind, type: 'Additional', keyword }).join('\n'))
      .replace(/\n\n# end of pam-auth-update/, '\n# end of pam-auth-update')
    stage.put({
      path: `etc/pam.d/${name}`,
      type: 'file',
      mode: 0o644,
      content: new TextEncoder().encode(text),
    })
  }
  context.note('pam-profiles', profiles.map((profile) => profile.get('Name') ?? '').join(', '))
}

/** The highest priority first, among equals the last name. */
function enabledProfiles({ stage }: EffectContext): readonly Profile[] {
  const folder = 'usr/share/pam-configs'
  const profiles = stage.list(folder).flatMap((name): { name: string; profile: Profile }[] => {
    const bytes = stage.content(`${folder}/${name}`)
    const text = bytes && decodeText(bytes)
    return text === undefined ? [] : [{ name, profile: readProfile(text) }]
  })
  const priority = (profile: Profile) => Number(profile.get('Priority') ?? 0)
  return profiles
    .filter(({ profile }) => profile.get('Default') === 'yes')
    .sort((a, b) => priority(b.profile) - priority(a.profile) || (a.name < b.name ? 1 : -1))
    .map(({ profile }) => profile)
}

function readProfile(text: string): Profile {
  const fields = new Map<string, string>()
  let name = ''
  for (const line of text.split('\n')) {
    const [, field, value = ''] = /^(\S+):\s*(.*?)\s*$/.exec(line) ?? []
    if (field !== undefined) {
      name = field.replace(/-Final$/, '')
      fields.set(name, value)
    } else if (line.trim() !== '') {
      const before = fields.get(name) ?? ''
      fields.set(name, before === '' ? line.trim() : `${before}\n${line.trim()}`)
    }
  }
  return fields
}

/** Without a module that decides, the stack is kept whole by one that lets everything through. */
function primary(profiles: readonly Profile[], kind: string, keyword: string): string {
  const lines = block(profiles, { kind, type: 'Primary', keyword })
  return lines.length === 0 ? `${keyword}\t[default=1]\t\t\tpam_permit.so` : lines.join('\n')
}

/** Lines of all profiles of one kind; "end" becomes the number of lines that are left to jump over. */
function block(
  profiles: readonly Profile[],
  { kind, type, keyword }: { readonly kind: string; readonly type: string; readonly keyword: string },
): readonly string[] {
  const fitting = profiles.filter((profile) => profile.get(`${kind}-Type`) === type)
  const lines = fitting.flatMap((profile, i) => {
    const first = i === 0 ? profile.get(`${kind}-Initial`) : undefined
    return (first ?? profile.get(kind) ?? '').split('\n').filter((line) => line !== '')
  })
  const count = type === 'Additional' ? lines.length - 1 : lines.length
  return lines.map((line, i) => {
    const [, module = '', options = ''] = /^((?:\[[^\]]+\]|\w+)\s+\S+)\s*(.*)$/.exec(line) ?? []
    return `${keyword}\t${module.replaceAll('end', String(count - i))} ${options.split(/\s+/).join(' ')}`
  })
}
