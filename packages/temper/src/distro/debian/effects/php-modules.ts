import type { Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }
const unknown: CommandResult = { status: undefined, output: undefined }

/** Modules that PHP loads: every one that the image has, for every interface that it has. */
export const phpModules: Effect = {
  id: 'php-modules',
  title: 'Enabled PHP modules',
  why: 'PHP reads /etc/php/VERSION/INTERFACE/conf.d, where the packages of modules have links made.',
  source: 'phpenmod(8); php-common maintainer script helper',
  start(context) {
    return {
      owns: ['etc/php/*/*/conf.d/**', 'var/lib/php/modules/**'],
      commands: { phpenmod: () => done, phpquery: () => unknown },
      finish: () => enableModules(context),
    }
  },
}

function enableModules(context: EffectContext): void {
  const { stage } = context
  let count = 0
  for (const version of stage.list('etc/php')) {
    const available = `etc/php/${version}/mods-available`
    const modules = stage.list(available).filter((name) => name.endsWith('.ini'))
    for (const kind of stage.list(`usr/lib/php/${version}/sapi`)) {
      const folder = `etc/php/${version}/${kind}/conf.d`
      if (stage.resolve(folder)?.type !== 'directory') continue
      for (const name of modules) {
        const priority =
          /^;\s*priority=(\d{1,3})\s*$/m.exec(stage.text(`${available}/${name}`) ?? '')?.[1] ?? '20'
        const path = `${folder}/${priority.padStart(2, '0')}-${name}`
        if (stage.get(path)) continue
        stage.put({ path, type: 'symlink', mode: 0o777, target: `/${available}/${name}` })
        count++
      }
    }
  }
  if (count > 0) context.note('php-modules', `${count} links`)
}
