import { describe, expect, it } from 'vitest'
import { apply, type TestPackage } from './fixtures/packages.ts'

const templates = [
  'Template: asks/style\nType: select\nDefault: slight',
  'Template: asks/empty\nType: string',
  'Template: asks/template\nType: string\nDefault: given',
].join('\n\n')

const postinst = (...lines: readonly string[]) =>
  ['. /usr/share/debconf/confmodule', ...lines, 'mkdir "/etc/$RET"'].join('\n')

function asked(made: Omit<TestPackage, 'name' | 'templates'>, ...others: readonly TestPackage[]) {
  return apply([{ name: 'asks', templates, ...made }, ...others])
}

describe('debconf', () => {
  it('answers with what the questions of the package answered before', () => {
    const config =
      '. /usr/share/debconf/confmodule\ndb_input high asks/style || true\ndb_go\ndb_set asks/style "set"'
    const { at, reports } = asked({ config, postinst: postinst('db_get asks/style') })
    expect(at('etc/set')).toBe('directory 755 0:0')
    expect(reports).toEqual([])
  })

  it.each([
    ['a default', ['db_get asks/style'], 'slight'],
    ['what is set', ['db_set asks/empty one two', 'db_get asks/empty'], 'one two'],
    ['the default again', ['db_set asks/style x', 'db_reset asks/style', 'db_get asks/style'], 'slight'],
    ['a value by another name', ['db_metaget asks/style value'], 'slight'],
    ['what a flag was set to', ['db_fset asks/style mine true', 'db_fget asks/style mine'], 'true'],
    ['a flag that nobody set', ['db_fget asks/style seen'], 'false'],
    ['what a template gives', ['db_register asks/template asks/made', 'db_get asks/made'], 'given'],
    ['what the script takes instead of no answer', ['db_get other/question || RET=instead'], 'instead'],
    ['what the script takes where nobody was asked', ['db_input high asks/style || RET=skipped'], 'skipped'],
  ])('gives %s', (_, lines, name) => {
    const { at, reports } = asked({ postinst: postinst(...lines) })
    expect(reports).toEqual([])
    expect(at(`etc/${name}`)).toBe('directory 755 0:0')
  })

  it('knows nothing of an answer that is only perhaps given, or given by a script that cannot be followed', () => {
    const perhaps = asked({
      postinst: postinst('if unknown-thing; then db_set asks/style x; fi', 'db_get asks/style'),
    })
    expect(perhaps.reports).toContain('asks postinst:6 mkdir "/etc/$RET"')
    const same = asked({
      postinst: postinst('if unknown-thing; then db_set asks/style slight; fi', 'db_get asks/style'),
    })
    expect(same.at('etc/slight')).toBe('directory 755 0:0')
    const foreign = asked({ config: 'if (set', postinst: postinst('db_get asks/style') })
    expect(foreign.reports).toEqual(['asks postinst:5 mkdir "/etc/$RET"'])
  })

  it('tells nothing of what scripts do that only ask', () => {
    const { reports } = asked({ config: 'surprise --all\nexit 3' })
    expect(reports).toEqual([])
  })
})
