import { textLimit } from '../document.ts'
import { type ManifestKind, matching, named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import {
  readBazelLock,
  readCabalFreeze,
  readConanfile,
  readConanLock,
  readJuliaManifest,
  readRenvLock,
  readStackLock,
  readTerraformLock,
} from './locks.ts'
import {
  readChartLock,
  readConanScript,
  readCpanSnapshot,
  readDubSelections,
  readElmJson,
  readInstalledR,
  readLuarocksLock,
  readNimbleLock,
  readOpamLock,
  readShardLock,
  readSpagoLock,
  readUnityLock,
  readVcpkgStatus,
} from './more-locks.ts'

/** By the type of their package URLs. */
const kinds: Readonly<Record<string, readonly ManifestKind[]>> = {
  bazel: [named(['MODULE.bazel.lock'], readBazelLock)],
  bioconductor: [named(['renv.lock'], (file) => readRenvLock(file, 'bioconductor'))],
  conan: [
    named(['conan.lock'], readConanLock),
    named(['conanfile.txt'], readConanfile),
    named(['conanfile.py'], readConanScript),
  ],
  cpan: [named(['cpanfile.snapshot'], readCpanSnapshot)],
  cran: [
    named(['renv.lock'], (file) => readRenvLock(file, 'cran')),
    matching(/(?:^|\/)(?:site-)?library\/[^/]+\/DESCRIPTION$/, readInstalledR),
  ],
  crystal: [named(['shard.lock'], readShardLock)],
  dub: [named(['dub.selections.json'], readDubSelections)],
  elm: [named(['elm.json'], readElmJson)],
  hackage: [
    named(['stack.yaml.lock'], readStackLock),
    matching(
      /(?:^|\/)cabal(?:\.[\w.-]{1,100})?\.project\.freeze$|(?:^|\/)cabal\.project\.freeze$/,
      readCabalFreeze,
    ),
  ],
  helm: [named(['Chart.lock', 'requirements.lock'], readChartLock)],
  julia: [matching(/(?:^|\/)(?:Julia)?Manifest(?:-v[\d.]{1,20})?\.toml$/, readJuliaManifest)],
  luarocks: [named(['luarocks.lock'], readLuarocksLock)],
  nimble: [named(['nimble.lock'], readNimbleLock)],
  opam: [matching(/\.opam\.locked$/, readOpamLock)],
  purescript: [named(['spago.lock'], readSpagoLock)],
  terraform: [named(['.terraform.lock.hcl'], readTerraformLock)],
  unity: [matching(/(?:^|\/)Packages\/packages-lock\.json$/, readUnityLock)],
  vcpkg: [matching(/(?:^|\/)vcpkg\/status$/, readVcpkgStatus)],
}

/**
 * Packages of ecosystems that, but for Julia, no feed covers. They are listed all the same, so that nobody takes what was not
 * compared for free of problems; and a bill of materials wants them.
 */
export const otherCataloguers = Object.entries(kinds).map(([purlType, kinds]) =>
  languageCataloguer({
    id: purlType,
    type: 'generic',
    purlType,
    version: 2,
    sizeLimit: textLimit,
    installsInto: [],
    kinds,
  }),
)
