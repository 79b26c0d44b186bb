import { readExecutable } from '../../../formats/executable/read.ts'
import type { FileContent } from '../../cataloguer.ts'
import type { LanguageFact } from '../fact.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { isProgram, programLimit } from '../program.ts'
import { findBuildInfo } from './find-build-info.ts'
import { completeGoMods, readGoMod, readGoSum } from './go-mod.ts'
import { modulesOf } from './modules.ts'

function readProgram({ bytes }: FileContent): LanguageFact | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const executable = readExecutable(file)
  const info = executable && findBuildInfo(file, executable)
  const packages = info === undefined ? [] : modulesOf(info)
  return packages.length === 0 ? undefined : { kind: 'installed', packages }
}

/** Go modules: what the linker wrote into programs, and go.mod with go.sum. */
export const goCataloguer = languageCataloguer({
  id: 'go',
  type: 'golang',
  version: 3,
  sizeLimit: programLimit,
  installsInto: [],
  prepare: completeGoMods,
  kinds: [
    { matches: isProgram, read: readProgram },
    named(['go.mod'], readGoMod),
    named(['go.sum'], readGoSum),
  ],
})
