import { TemperError } from '../../../base/error.ts'
import type { FileContent } from '../../cataloguer.ts'
import { decodeText } from '../document.ts'
import { distinct, type LanguageFact, type PackageFact, packageFact, packageLimit } from '../fact.ts'

/** packages.config: `<package id="…" version="…" developmentDependency="true"/>`. */
export async function readPackagesConfig(file: FileContent): Promise<LanguageFact> {
  const { SaxesParser } = await import('saxes')
  const facts: (PackageFact | undefined)[] = []
  let development = 0
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new TemperError('bad-archive', `packages.config: this is not XML: ${error.message.slice(0, 200)}`)
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (name !== 'package') return
    if (facts.length >= packageLimit)
      throw new TemperError('limit-exceeded', 'packages.config: too many packages')
    if (attributes['developmentDependency'] === 'true') development++
    else facts.push(packageFact(attributes['id'], attributes['version']))
  })
  parser.write(decodeText(file.bytes)).close()
  return { kind: 'lock', packages: distinct(facts), development }
}
