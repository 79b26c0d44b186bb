import { expect, it } from 'vitest'
import { makePackage } from '../effects/fixtures/packages.ts'
import { type ControlData, controlData } from './control.ts'
import { databaseEntries } from './database.ts'

const { content } = makePackage({ name: 'tool' })

function changed(own: Partial<ControlData>): typeof content {
  return { ...content, own: { ...controlData(content), ...own } }
}

function texts(made: typeof content, kept: readonly (readonly [string, string])[] = []): readonly string[] {
  return databaseEntries(made, new Map(kept)).map((entry) => Buffer.from(entry.content).toString())
}

it('has the control fields, folded lines folded', () => {
  const control = { Version: '1', Package: 'tool', Description: 'short\nlong\n.\nmore' }
  expect(texts(changed({ control }))[0]).toBe(
    'Package: tool\nStatus: install ok installed\nVersion: 1\nDescription: short\n long\n .\n more\n',
  )
})

it('lets no package say that it is not installed', () => {
  const control = { Package: 'tool', Status: 'deinstall ok config-files', STATUS: 'purge ok' }
  expect(texts(changed({ control }))[0]).toBe('Package: tool\nStatus: install ok installed\n')
})

it('lists the checksums of what the image has, where the image has it', () => {
  const md5sums = `${'a'.repeat(32)}  bin/tool\n${'b'.repeat(32)}  usr/share/doc/tool/README\n`
  expect(texts(changed({ md5sums }), [['bin/tool', 'usr/bin/tool']])[1]).toBe(
    `${'a'.repeat(32)}  usr/bin/tool\n`,
  )
})
