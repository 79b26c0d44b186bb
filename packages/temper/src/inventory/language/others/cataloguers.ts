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

/** By the type of their package URLs. */
const kinds: Readonly<Record<string, readonly ManifestKind[]>> = {
  bazel: [named(['MODULE.bazel.lock'], readBazelLock)],
  bioconductor: [named(['renv.lock'], (file) => readRenvLock(file, 'bioconductor'))],
  conan: [named(['conan.lock'], readConanLock), named(['conanfile.txt'], readConanfile)],
  cran: [named(['renv.lock'], (file) => readRenvLock(file, 'cran'))],
  hackage: [
    named(['stack.yaml.lock'], readStackLock),
    matching(
      /(?:^|\/)cabal(?:\.[\w.-]{1,100})?\.project\.freeze$|(?:^|\/)cabal\.project\.freeze$/,
      readCabalFreeze,
    ),
  ],
  julia: [matching(/(?:^|\/)(?:Julia)?Manifest(?:-v[\d.]{1,20})?\.toml$/, readJuliaManifest)],
  terraform: [named(['.terraform.lock.hcl'], readTerraformLock)],
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
    version: 1,
    sizeLimit: textLimit,
    installsInto: [],
    kinds,
  }),
)
