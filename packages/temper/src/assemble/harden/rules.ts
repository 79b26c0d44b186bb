import { account } from './rules/account.ts'
import { ballast } from './rules/ballast.ts'
import { cache } from './rules/cache.ts'
import { compiler } from './rules/compiler.ts'
import { device } from './rules/device.ts'
import { documentation } from './rules/documentation.ts'
import { locales } from './rules/locales.ts'
import { log } from './rules/log.ts'
import { ownership } from './rules/ownership.ts'
import { packageManager } from './rules/package-manager.ts'
import { rootUser } from './rules/root-user.ts'
import { setuid } from './rules/setuid.ts'
import { shell } from './rules/shell.ts'
import { worldWritable } from './rules/world-writable.ts'
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
