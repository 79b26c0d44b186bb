import { npmCommands } from '../commands/installs.ts'
import { textLimit } from '../document.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { readBunLock } from './bun-lock.ts'
import { denoLockFile, readDenoLock } from './deno-lock.ts'
import { isPackageJson, readPackageJson } from './package-json.ts'
import { readPackageLock } from './package-lock.ts'
import { readPnpmLock } from './pnpm-lock.ts'
import { settleProjects } from './projects.ts'
import { readYarnLock } from './yarn-lock.ts'

/** Packages of Node.js: installed ones, and the locks of npm, yarn, pnpm, bun and deno. */
export const npmCataloguer = languageCataloguer({
  id: 'npm',
  type: 'npm',
  version: 6,
  sizeLimit: textLimit,
  installsInto: ['node_modules'],
  prepare: settleProjects,
  kinds: [
    { matches: isPackageJson, read: readPackageJson },
    named(['package-lock.json', 'npm-shrinkwrap.json'], readPackageLock),
    named(['yarn.lock'], readYarnLock),
    named(['pnpm-lock.yaml'], readPnpmLock),
    named(['bun.lock'], readBunLock),
    named([denoLockFile], readDenoLock),
    npmCommands,
  ],
})
