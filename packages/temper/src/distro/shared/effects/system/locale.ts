import type { CommandResult } from '../../scripts/world.ts'
import type { CommandCall, Effect } from '../effect.ts'

const done: CommandResult = { status: 0, output: '' }

/** The default locale. Compiling locales is not modelled: a recipe names those that it takes from locales-all. */
export const locale: Effect = {
  id: 'locale',
  title: 'Default locale',
  why: 'C.UTF-8 comes with the C library and needs nothing; others are compiled by the locales package.',
  source: 'locale(7); locales maintainer scripts; locale-gen(8), update-locale(8)',
  start({ stage, note }) {
    const all = () => stage.resolve('usr/lib/locale/locale-archive') !== undefined
    const generate = (call: CommandCall): CommandResult | undefined => {
      if (!all()) return undefined
      note('locale', `${call.package}: all locales are there (locales-all)`)
      return done
    }
    return {
      owns: ['etc/default/locale*', 'etc/locale.conf*', 'etc/locale.gen*'],
      commands: { 'locale-gen': generate, 'update-locale': () => done, validlocale: () => done },
    }
  },
}
