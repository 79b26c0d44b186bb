import { normalPythonName } from '../../../formats/purl/purl-type.ts'
import { looksLikeZip } from '../../../formats/zip/open.ts'
import type { FileHead } from '../../cataloguer.ts'
import { pipCommands } from '../commands/installs.ts'
import { matching, named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { isCondaCache } from './conda-cache.ts'
import { condaLockFile, readCondaLock } from './conda-lock.ts'
import { readEgg, readMetadata } from './metadata.ts'
import { readPipfileLock } from './pipfile-lock.ts'
import { readPixiLock } from './pixi-lock.ts'
import { readRecord } from './record.ts'
import { readRequirements, requirementsFile } from './requirements.ts'
import { readPdmLock, readPoetryLock, readPylock, readUvLock } from './toml-locks.ts'

const metadataEndings = ['.dist-info/METADATA', '.egg-info/PKG-INFO', '.egg-info', '.egg/EGG-INFO/PKG-INFO']

function isMetadata({ path }: FileHead): boolean {
  return !isCondaCache(path) && metadataEndings.some((ending) => path.endsWith(ending))
}

/** Python packages: those in site-packages and dist-packages, and the locks of pip, Pipenv, Poetry, PDM and uv. */
export const pythonCataloguer = languageCataloguer({
  id: 'python',
  type: 'pypi',
  version: 6,
  sizeLimit: 128 << 20,
  installsInto: ['.venv', 'venv', 'env', '__pypackages__', 'site-packages'],
  normalName: normalPythonName,
  kinds: [
    { matches: isMetadata, read: readMetadata },
    { matches: ({ path }) => path.endsWith('.dist-info/RECORD') && !isCondaCache(path), read: readRecord },
    { matches: ({ path, start }) => path.endsWith('.egg') && looksLikeZip(start), read: readEgg },
    named(['poetry.lock'], readPoetryLock),
    // Scripts of one file have locks of their own.
    matching(/(?:^|\/)(?:uv|[^/]+\.py)\.lock$/, readUvLock),
    named(['pdm.lock'], readPdmLock),
    named(['Pipfile.lock'], readPipfileLock),
    matching(/(?:^|\/)pylock(?:\.[^/.]+)?\.toml$/, readPylock),
    matching(condaLockFile, (file) => readCondaLock(file, 'pip')),
    named(['pixi.lock'], (file) => readPixiLock(file, 'pip')),
    matching(requirementsFile, readRequirements),
    pipCommands,
  ],
})
