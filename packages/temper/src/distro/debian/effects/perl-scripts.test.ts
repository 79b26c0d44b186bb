import { describe, expect, it } from 'vitest'
import { applyEffects } from './apply.ts'
import { apply, makePackage, TestRoot, testOptions } from './fixtures/packages.ts'

/** Packages whose scripts are written in Perl, as Debian 13 has them. */
function inPerl(name: string, template: string | undefined) {
  const made = makePackage({
    name,
    postinst: 'true',
    ...(template === undefined
      ? {}
      : { files: { 'usr/share/kerberos-configs/krb5.conf.template': template } }),
  })
  const own = made.content.own as { scripts: Record<string, string> }
  const content = { ...made.content, own: { ...own, scripts: { postinst: '#! /usr/bin/perl -w\nexit 0\n' } } }
  const packages = [{ ...made, content }]
  const { changes, unmodelled } = applyEffects(packages, new TestRoot(packages), testOptions)
  return {
    unmodelled,
    made: changes.find((change) => change.kind === 'put' && change.entry.path === 'etc/krb5.conf'),
  }
}

describe('scripts in Perl', () => {
  it('of krb5-config make the template the configuration, as the real one does without a realm', () => {
    const { made, unmodelled } = inPerl('krb5-config', '[libdefaults]\n')
    expect(made).toMatchObject({ content: Buffer.from('[libdefaults]\n') })
    expect(unmodelled).toEqual([])
  })

  it.each([
    ['another package', 'other', '[libdefaults]\n'],
    ['a package without its template', 'krb5-config', undefined],
  ])('are reported of %s', (_, name, template) => {
    const { made, unmodelled } = inPerl(name, template)
    expect(made).toBeUndefined()
    expect(unmodelled).toMatchObject([{ package: name, command: '#! /usr/bin/perl -w' }])
  })

  it('answer questions as the real ones do on a machine called localhost', () => {
    const ask = [
      '. /usr/share/debconf/confmodule',
      'db_get postfix/mailname',
      'mkdir "/$RET"',
      'db_get postfix/relayhost',
    ]
    const outcome = apply([
      {
        name: 'postfix',
        templates:
          'Template: postfix/mailname\nType: string\n\nTemplate: postfix/relayhost\nType: string\nDefault: x\n',
        config: 'if (set',
        postinst: [...ask, 'mkdir "/$RET"'].join('\n'),
      },
    ])
    expect([outcome.at('localhost'), outcome.at('x')]).toEqual(['directory 755 0:0', 'directory 755 0:0'])
    expect(outcome.reports).toEqual([])
  })
})
