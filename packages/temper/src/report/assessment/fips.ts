import type { FipsModule, FipsReport } from '../../model/assess/assessment.ts'

/** What there is to say about FIPS in an image, in whole sentences. */
export function fipsSentences({ claimed, modules, active, missing, certificates }: FipsReport): string[] {
  const where = modules.map(moduleText).join('; ')
  const named = [...new Set([...modules.flatMap(({ certificate }) => certificate ?? []), ...certificates])]
  const numbers =
    named.length === 0
      ? 'Neither the module nor the image names a certificate number.'
      : `Certificates that are named: ${named.map((number) => `#${number}`).join(', ')}.`
  return [
    claimed === undefined ? 'Nothing in the image claims FIPS.' : `${claimed} claims it.`,
    ...(modules.length === 0 ? ['There is no OpenSSL module.'] : [`Modules: ${where}.`]),
    active
      ? 'OpenSSL uses this module alone: its checksum is right, and the configuration activates it.'
      : `FIPS is not active: ${missing.join(', and ')}.`,
    ...(modules.length === 0
      ? []
      : [numbers, "That a module is validated is its vendor's claim: its bytes cannot show it."]),
  ]
}

function moduleText({ path, name, version, package: from }: FipsModule): string {
  const title = [name, version].filter((part) => part !== undefined).join(' ')
  const facts = [...(title === '' ? [] : [title]), ...(from === undefined ? [] : [`of ${from}`])]
  return facts.length === 0 ? path : `${path} (${facts.join(', ')})`
}
