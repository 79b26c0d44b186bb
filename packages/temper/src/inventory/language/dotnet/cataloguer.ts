import { textLimit } from '../document.ts'
import { matching, named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { isProgram, programLimit } from '../program.ts'
import { readBundle } from './bundle.ts'
import { readDepsJson, readPackagesLock, readProjectAssets } from './json-manifests.ts'
import { readPackagesConfig } from './packages-config.ts'
import { readPaketLock } from './paket-lock.ts'
import { projectFile, readProject } from './projects.ts'

/** .NET packages: files beside programs, and the locks of NuGet. */
export const nugetCataloguer = languageCataloguer({
  id: 'nuget',
  type: 'nuget',
  version: 3,
  sizeLimit: textLimit,
  installsInto: [],
  normalName: (name) => name.toLowerCase(),
  kinds: [
    { matches: ({ path }) => path.endsWith('.deps.json'), read: readDepsJson },
    named(['packages.lock.json'], readPackagesLock),
    named(['packages.config'], readPackagesConfig),
    named(['paket.lock'], readPaketLock),
    matching(/(?:^|\/)obj\/project\.assets\.json$/, readProjectAssets),
    matching(projectFile, readProject),
  ],
})

/** .NET packages inside single-file programs. */
export const dotnetBundleCataloguer = languageCataloguer({
  id: 'dotnet-bundle',
  type: 'nuget',
  version: 1,
  sizeLimit: programLimit,
  installsInto: [],
  normalName: (name) => name.toLowerCase(),
  kinds: [{ matches: isProgram, read: readBundle }],
})
