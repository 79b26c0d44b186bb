import { accounts } from '../../shared/effects/accounts/accounts.ts'
import { caBundle } from '../../shared/effects/certificates/ca-bundle.ts'
import { fipsModule } from '../../shared/effects/certificates/fips-module.ts'
import { javaTruststore } from '../../shared/effects/certificates/java-truststore.ts'
import type { Effect } from '../../shared/effects/effect.ts'
import { literalCommands } from '../../shared/effects/files/literal-commands.ts'
import { tmpfiles } from '../../shared/effects/files/tmpfiles.ts'
import { compiledLocales } from '../../shared/effects/glibc/compiled-locales.ts'
import { ldSoConf } from '../../shared/effects/glibc/ld-so-conf.ts'
import { glibSchemas } from '../../shared/effects/settings/glib-schemas.ts'
import { graphvizPlugins } from '../../shared/effects/settings/graphviz-plugins.ts'
import { odbcDrivers } from '../../shared/effects/settings/odbc-drivers.ts'
import { pixbufLoaders } from '../../shared/effects/settings/pixbuf-loaders.ts'
import { locale } from '../../shared/effects/system/locale.ts'
import { nameService } from '../../shared/effects/system/name-service.ts'
import { timeZone } from '../../shared/effects/system/time-zone.ts'
import { debianGlibc, multiarch } from '../loader.ts'
import { alternatives } from './alternatives.ts'
import { apacheModules } from './apache-modules.ts'
import { baseFolders } from './base-folders.ts'
import { debconf } from './debconf.ts'
import { debianVersion } from './debian-version.ts'
import { diversions } from './diversions.ts'
import { icingaFeatures } from './icinga-features.ts'
import { lighttpdModules } from './lighttpd-modules.ts'
import { ownCommands, ownFileCommands } from './own-commands.ts'
import { pamProfiles } from './pam-profiles.ts'
import { perlSaxParsers } from './perl-sax.ts'
import { phpModules } from './php-modules.ts'
import { postfixSettings } from './postfix.ts'
import { usrMerge } from './usr-merge.ts'

/** Every effect, in the order in which they start and finish. If two handle the same command, the later one does. */
export const effects: readonly Effect[] = [
  usrMerge,
  diversions,
  baseFolders,
  debianVersion,
  ownCommands,
  debconf,
  literalCommands(ownFileCommands),
  alternatives,
  nameService,
  timeZone,
  compiledLocales,
  locale,
  caBundle('usr/lib/ssl'),
  fipsModule('usr/lib/ssl'),
  javaTruststore,
  ldSoConf(debianGlibc),
  glibSchemas,
  pixbufLoaders,
  odbcDrivers,
  graphvizPlugins(multiarch),
  apacheModules,
  lighttpdModules,
  icingaFeatures,
  postfixSettings,
  phpModules,
  perlSaxParsers,
  pamProfiles,
  tmpfiles,
  accounts,
]
