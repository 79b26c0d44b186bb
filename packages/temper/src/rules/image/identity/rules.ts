import type { ImageRule } from '../rule.ts'
import { duplicateId } from './duplicate-id.ts'
import { homeFolder } from './home-folder.ts'
import { namedUser } from './named-user.ts'
import { privilegedGroup } from './privileged-group.ts'
import { remoteLogin } from './remote-login.ts'
import { rootGroup } from './root-group.ts'
import { unknownUser } from './unknown-user.ts'

/** About who an image runs as; see `hardeningRules` for those that hold while building too. */
export const identityRules: readonly ImageRule[] = [
  unknownUser,
  namedUser,
  homeFolder,
  privilegedGroup,
  rootGroup,
  duplicateId,
  remoteLogin,
]
