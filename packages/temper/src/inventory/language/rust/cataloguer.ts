import { cargoCommands } from '../commands/installs.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { isProgram, programLimit } from '../program.ts'
import { readAuditData } from './audit.ts'
import { readCargoLock } from './cargo-lock.ts'

/** Rust: the list in programs that cargo-auditable built, and Cargo.lock. */
export const cargoCataloguer = languageCataloguer({
  id: 'cargo',
  type: 'cargo',
  version: 2,
  sizeLimit: programLimit,
  installsInto: [],
  kinds: [{ matches: isProgram, read: readAuditData }, named(['Cargo.lock'], readCargoLock), cargoCommands],
})
