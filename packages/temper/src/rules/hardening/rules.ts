import { account } from '../image/account.ts'
import { ballast } from '../image/ballast.ts'
import { cache } from '../image/cache.ts'
import { compiler } from '../image/compiler.ts'
import { device } from '../image/device.ts'
import { documentation } from '../image/documentation.ts'
import { locales } from '../image/locales.ts'
import { log } from '../image/log.ts'
import { ownership } from '../image/ownership.ts'
import { packageManager } from '../image/package-manager.ts'
import { rootUser } from '../image/root-user.ts'
import { setuid } from '../image/setuid.ts'
import { shell } from '../image/shell.ts'
import { worldWritable } from '../image/world-writable.ts'
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
