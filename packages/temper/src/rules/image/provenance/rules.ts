import type { ImageRule } from '../rule.ts'
import { builderUnknown } from './builder-unknown.ts'
import { deletedPackageDatabase } from './deleted-package-database.ts'
import { provenanceAttached } from './provenance-attached.ts'
import { sbomAttached } from './sbom-attached.ts'
import { sbomDiffers } from './sbom-differs.ts'
import { sbomFiles } from './sbom-files.ts'
import { unownedProgram } from './unowned-program.ts'
import { unpinnedBase } from './unpinned-base.ts'
import { unpinnedMaterial } from './unpinned-material.ts'
import { unsigned } from './unsigned.ts'
import { vexAttached } from './vex-attached.ts'

/** Rules about what proves where an image comes from, and what is in it. */
export const provenanceRules: readonly ImageRule[] = [
  unsigned,
  provenanceAttached,
  builderUnknown,
  unpinnedMaterial,
  sbomAttached,
  sbomDiffers,
  sbomFiles,
  vexAttached,
  unpinnedBase,
  unownedProgram,
  deletedPackageDatabase,
]
