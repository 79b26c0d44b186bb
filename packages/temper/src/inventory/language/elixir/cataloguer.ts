import { textLimit } from '../document.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { ownApplications, packagedApplications } from './applications.ts'
import { readGleamManifest, readMixLock, readRebarLock } from './locks.ts'

/** Packages of Hex: compiled applications, the locks of Mix, Rebar3 and Gleam. */
export const hexCataloguer = languageCataloguer({
  id: 'hex',
  type: 'hex',
  version: 3,
  sizeLimit: textLimit,
  installsInto: ['_build', 'deps', 'lib'],
  kinds: [
    packagedApplications,
    named(['mix.lock'], readMixLock),
    named(['rebar.lock'], readRebarLock),
    named(['manifest.toml'], readGleamManifest),
  ],
})

/** Applications of Erlang/OTP and Elixir, which no feed covers. */
export const otpCataloguer = languageCataloguer({
  id: 'otp',
  type: 'generic',
  purlType: 'otp',
  version: 1,
  sizeLimit: textLimit,
  installsInto: [],
  kinds: [ownApplications],
})
