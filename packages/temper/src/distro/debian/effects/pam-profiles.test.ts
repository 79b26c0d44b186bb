import { describe, expect, it } from 'vitest'
import { apply } from './fixtures/packages.ts'

const profile = (name: string, ...lines: readonly string[]) =>
  [`Name: ${name}`, ...lines].map((line) => `${line}\n`).join('')

const configs = {
  base: profile(
    'Base',
    'Default: yes',
    'Priority: 256',
    'Auth-Type: Primary',
    'Auth:',
    '\t[success=end default=ignore]\tpam_base.so nullok try_first_pass',
    'Auth-Initial:',
    '\t[success=end default=ignore]\tpam_base.so nullok',
    'Account-Type: Primary',
    'Account:',
    '\t[success=end new_authtok_reqd=done default=ignore]\tpam_base.so',
    'Session-Type: Additional',
    'Session:',
    '\trequired\tpam_base.so',
    'Password-Type: Primary',
    'Password-Initial:',
    '\t[success=end default=ignore]\tpam_base.so obscure',
  ),
  extra: profile(
    'Extra',
    'Default: yes',
    'Priority: 128',
    'Auth-Type: Primary',
    'Auth:',
    '\t[success=end default=ignore]\tpam_extra.so use_first_pass',
    'Auth-Initial:',
    '\t[success=end default=ignore]\tpam_extra.so',
    'Session-Type: Additional',
    'Session-Interactive-Only: yes',
    'Session:',
    '\toptional\t\t\tpam_extra.so',
  ),
  off: profile(
    'Off',
    'Default: no',
    'Priority: 900',
    'Auth-Type: Primary',
    'Auth:',
    '\trequired\tpam_off.so',
  ),
}

const kinds = ['auth', 'account', 'password', 'session', 'session-noninteractive'] as const

/** The template of a file: its two places, with the modules that Debian's have between them. */
function template(kind: (typeof kinds)[number]): string {
  const name = kind === 'session-noninteractive' ? 'session_nonint' : kind
  return `$${name}_primary\n${name.replace(/_.*/, '')}\trequired\tpam_permit.so\n$${name}_additional\n# end of pam-auth-update config\n`
}

function made(profiles: Partial<typeof configs>, postinst = 'pam-auth-update --package') {
  const files = {
    ...Object.fromEntries(
      Object.entries(profiles).map(([name, text]) => [`usr/share/pam-configs/${name}`, text]),
    ),
    ...Object.fromEntries(kinds.map((kind) => [`usr/share/pam/common-${kind}`, template(kind)])),
  }
  return apply([{ name: 'libpam-runtime', files, postinst }])
}

/** Lines with modules, without the one that stands in every template. */
const lines = (text: string | undefined) =>
  text
    ?.replace(/^file 644 0:0 /, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !/^\w+\trequired\tpam_permit/.test(line))

describe('pam-profiles', () => {
  // What pam-auth-update of Debian 13 makes of these profiles.
  it.each([
    [
      'auth',
      [
        'auth\t[success=2 default=ignore]\tpam_base.so nullok',
        'auth\t[success=1 default=ignore]\tpam_extra.so use_first_pass',
      ],
    ],
    ['account', ['account\t[success=1 new_authtok_reqd=done default=ignore]\tpam_base.so ']],
    ['password', ['password\t[success=1 default=ignore]\tpam_base.so obscure']],
    [
      'session',
      [
        'session\t[default=1]\t\t\tpam_permit.so',
        'session\trequired\tpam_base.so ',
        'session\toptional\t\t\tpam_extra.so ',
      ],
    ],
    [
      'session-noninteractive',
      ['session\t[default=1]\t\t\tpam_permit.so', 'session\trequired\tpam_base.so '],
    ],
  ])('common-%s asks the modules that are on, by priority', (kind, expected) => {
    const { at, reports, notes } = made(configs)
    expect(lines(at(`etc/pam.d/common-${kind}`))).toEqual(expected)
    expect(reports).toEqual([])
    expect(notes('pam-profiles')).toEqual(['Base, Extra'])
  })

  it('lets everything through where no module decides', () => {
    const { at } = made({ off: configs.off })
    expect(lines(at('etc/pam.d/common-auth'))).toEqual(['auth\t[default=1]\t\t\tpam_permit.so'])
  })

  it('makes nothing unless a script asks for it', () => {
    expect(made(configs, 'true').at('etc/pam.d/common-auth')).toBeUndefined()
  })
})
