import { itemsOf, memberOf, textOf } from '../../../base/json/value.ts'
import type { FileContent } from '../../cataloguer.ts'
import { distinct, type LanguageFact, packageFact } from '../fact.ts'
import { parseTomlFile } from '../toml.ts'

/** Cargo.lock: packages with a source; those without are the project's own. It does not say what only tests need. */
export async function readCargoLock(file: FileContent): Promise<LanguageFact> {
  const lock = await parseTomlFile(file.bytes, 'Cargo.lock')
  const facts = itemsOf(memberOf(lock, 'package'))
    .filter((entry) => textOf(memberOf(entry, 'source')) !== undefined)
    .map((entry) =>
      packageFact(memberOf(entry, 'name'), memberOf(entry, 'version'), {
        digest: `sha256:${textOf(memberOf(entry, 'checksum'))}`,
        // "name", or "name version" where several are in the lock.
        needs: itemsOf(memberOf(entry, 'dependencies')).flatMap(
          (need) => textOf(need)?.split(' ', 1)[0] ?? [],
        ),
      }),
    )
  return { kind: 'lock', packages: distinct(facts) }
}
