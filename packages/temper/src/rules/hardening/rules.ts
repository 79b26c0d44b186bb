import { ballast } from '../image/contents/ballast.ts'
import { cache } from '../image/contents/cache.ts'
import { compiler } from '../image/contents/compiler.ts'
import { documentation } from '../image/contents/documentation.ts'
import { locales } from '../image/contents/locales.ts'
import { log } from '../image/contents/log.ts'
import { packageManager } from '../image/contents/package-manager.ts'
import { account } from '../image/identity/account.ts'
import { rootUser } from '../image/identity/root-user.ts'
import { device } from '../image/permissions/device.ts'
import { ownership } from '../image/permissions/ownership.ts'
import { setuid } from '../image/permissions/setuid.ts'
import { worldWritable } from '../image/permissions/world-writable.ts'
import { shell } from '../image/surface/shell.ts'
import type { HardeningRule } from './subject.ts'

/** Every rule over a finished tree, in the order of reports. */
export const hardeningRules: readonly HardeningRule[] = [
  shell,
  packageManager,
  compiler,
  setuid,
  worldWritable,
  ownership,
  rootUser,
  account,
  device,
  cache,
  log,
  documentation,
  locales,
  ballast,
]
