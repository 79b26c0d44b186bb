import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const folder = 'etc/icinga2'

/** Features of Icinga that packages enable. */
export const icingaFeatures: Effect = {
  id: 'icinga-features',
  title: 'Enabled features of Icinga',
  why: 'Icinga reads /etc/icinga2/features-enabled, where the scripts of its packages have links made.',
  source: 'icinga2 feature enable (icinga2(8))',
  start(context) {
    const enabled: string[] = []
    return {
      commands: { icinga2: (call) => enable(call, context, enabled) },
      finish: () => {
        if (enabled.length > 0) context.note('icinga-features', enabled.join(', '))
      },
    }
  },
}

/** Links each feature that is available and not yet enabled. */
function enable(
  { arguments: [topic, verb, ...names], certain }: CommandCall,
  { stage }: EffectContext,
  enabled: string[],
): CommandResult | undefined {
  if (topic !== 'feature' || verb !== 'enable' || !certain) return undefined
  let status = 0
  for (const name of names) {
    if (name === undefined || !/^[\w-]{1,100}$/.test(name)) return undefined
    if (stage.resolve(`${folder}/features-available/${name}.conf`) === undefined) {
      status = 1
      continue
    }
    const path = `${folder}/features-enabled/${name}.conf`
    if (stage.get(stage.canonical(path)) !== undefined) continue
    // Icinga makes them as the account that the folder belongs to.
    const { uid = 0, gid = 0 } = stage.resolve(`${folder}/features-enabled`) ?? {}
    const target = `../features-available/${name}.conf`
    stage.put({ path, type: 'symlink', mode: 0o777, uid, gid, target })
    enabled.push(name)
  }
  return { status, output: '' }
}
