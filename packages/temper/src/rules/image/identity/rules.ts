import type { ImageRule } from '../rule.ts'
import { duplicateId } from './duplicate-id.ts'
import { homeFolder } from './home-folder.ts'
import { namedUser } from './named-user.ts'
import { privilegedGroup } from './privileged-group.ts'
import { remoteLogin } from './remote-login.ts'
import { rootGroup } from './root-group.ts'
import { unknownUser } from './unknown-user.ts'

/** Rules about who an image runs as; `hardeningRules` has those that also apply while building. */
export const identityRules: readonly ImageRule[] = [
  unknownUser,
  namedUser,
  homeFolder,
  privilegedGroup,
  rootGroup,
  duplicateId,
  remoteLogin,
]
