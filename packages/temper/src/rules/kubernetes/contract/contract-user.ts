import type { RunContract } from '../../../model/assess/run-contract.ts'
import { containersOf, effective, isUnset, podRule, settingPlace, shown } from '../pod-rule.ts'

export const contractUser = podRule({
  id: 'pod-contract-user',
  title: 'A container runs as the user that its image is made for',
  why: 'Files of the image belong to that user: another user cannot write to them, and root may do too much.',
  fix: "leave out runAsUser, or name the image's own user",
  level: 'error',
  *check({ pod, contracts }) {
    for (const holder of containersOf(pod)) {
      const contract = holder.container && contracts.get(holder.container)
      if (contract === undefined) continue
      const asked = effective(pod, holder, ['runAsUser'])
      const place = settingPlace(pod, holder, ['runAsUser'])
      const named = contract.user === '' ? 'root' : contract.user
      if (isUnset(asked)) {
        if (isRoot(contract))
          yield {
            place,
            found: `the image of ${holder.who} runs as root`,
            remedy: 'set runAsUser, or use an image that runs as another user',
          }
        else if (contract.uid === undefined && effective(pod, holder, ['runAsNonRoot']) === true)
          yield {
            place,
            found: `the image of ${holder.who} names its user ${named}, which Kubernetes cannot check for runAsNonRoot`,
            remedy: 'set runAsUser to its number',
          }
      } else if (!isRoot(contract) && asked !== contract.uid && (contract.uid !== undefined || asked === 0))
        yield {
          place,
          level: 'warning',
          found: `${holder.who} runs as ${shown(asked)}, its image is made for ${named}`,
        }
    }
  },
})

/** By number or by name; an image that names nobody runs as root. */
function isRoot({ user, uid }: RunContract): boolean {
  return user === '' || uid === 0 || /^root(?::|$)/.test(user)
}
