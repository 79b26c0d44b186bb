import { accounts } from './accounts.ts'
import { alternatives } from './alternatives.ts'
import { baseFolders } from './base-folders.ts'
import { caBundle } from './ca-bundle.ts'
import { debianVersion } from './debian-version.ts'
import { diversions } from './diversions.ts'
import type { Effect } from './effect.ts'
import { emptyCaches } from './empty-caches.ts'
import { javaTruststore } from './java-truststore.ts'
import { ldSoConf } from './ld-so-conf.ts'
import { literalCommands } from './literal-commands.ts'
import { locale } from './locale.ts'
import { nameService } from './name-service.ts'
import { phpModules } from './php-modules.ts'
import { timeZone } from './time-zone.ts'
import { tmpfiles } from './tmpfiles.ts'
import { usrMerge } from './usr-merge.ts'

/**
 * Every effect, in the order in which they start and finish. Where two stand for the same command, the
 * later one does it.
 */
export const effects: readonly Effect[] = [
  usrMerge,
  diversions,
  baseFolders,
  debianVersion,
  literalCommands,
  alternatives,
  nameService,
  timeZone,
  locale,
  caBundle,
  javaTruststore,
  ldSoConf,
  emptyCaches,
  phpModules,
  tmpfiles,
  accounts,
]
