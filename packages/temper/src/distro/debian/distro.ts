import { basename } from 'node:path'
import { isCopyrightFile, parseCopyright } from '../../formats/debian-licence/copyright.ts'
import { compareDebianVersions } from '../../formats/version/dpkg.ts'
import type { Distro } from '../../model/distro.ts'
import { openArchive } from './archive/archive.ts'
import { databaseEntries } from './archive/database.ts'
import { changelogFacts, isChangelog } from './changelog/fixes.ts'
import { applyEffects } from './effects/apply.ts'
import { captures } from './effects/captures.ts'
import { declaredDiversions } from './effects/declared-diversions.ts'
import { mergedPath } from './effects/usr-merge.ts'
import { parseRequirements } from './relation.ts'

/** Debian, as assembling sees it. */
export function createDebian(options: { readonly xzProgram?: string } = {}): Distro {
  return {
    id: 'debian',
    compareVersions: compareDebianVersions,
    parseRequirements: (text) => parseRequirements(text, 'Replaces'),
    openArchive: (path) => openArchive(path, { ...options, what: basename(path) }),
    captures,
    statesLicence: isCopyrightFile,
    readLicence: parseCopyright,
    statesChanges: isChangelog,
    readChanges: changelogFacts,
    mergedPath,
    diversions: declaredDiversions,
    applyEffects,
    databaseEntries,
  }
}
