import type { FileContent } from '../../cataloguer.ts'
import { DevelopmentCount } from '../development.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { readIndented, valueAt } from '../indented.ts'

export const condaLockFile = /(?:^|\/)(?:[^/]+\.)?conda-lock\.ya?ml$/

/**
 * conda-lock.yml: a list `package`, an entry for each platform, of conda's own packages and of those that pip installs into the
 * environment. `category` is "main" for what is always needed.
 */
export function readCondaLock(file: FileContent, manager: 'conda' | 'pip'): LanguageFact {
  const lock = readIndented(decodeText(file.bytes), { what: 'conda-lock.yml' })
  const below = lock.find(({ key }) => key === 'package')?.children ?? []
  const development = new DevelopmentCount()
  // Lists need not be indented.
  const facts = (below.length > 0 ? below : lock).map((entry) => {
    const member = (key: string) => (entry.key === `- ${key}` ? entry.value : valueAt(entry, key))
    const name = member('name')
    if (!entry.key.startsWith('- ') || name === undefined || member('manager') !== manager) return undefined
    const isDevelopment = member('category') === 'dev'
    return development.takes({ name, isDevelopment }) ? undefined : packageFact(name, member('version'))
  })
  return { kind: 'lock', packages: distinct(facts), development: development.count }
}
