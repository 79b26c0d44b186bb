import { TemperError } from '../../base/error.ts'
import { severities } from '../../model/advisory/advisory.ts'

/** What other programs call formats of `temper scan`, where the same is meant. */
const scanNames: Readonly<Record<string, string>> = { table: 'terminal' }

/** Formats of theirs that a scan has no equal of, with the line to type. */
const scanAnswers: Readonly<Record<string, string>> = {
  cyclonedx:
    'Findings as CycloneDX: --format cyclonedx-vex. The packages: temper sbom TARGET --format cyclonedx-json',
  'cyclonedx-json':
    'Findings as CycloneDX: --format cyclonedx-vex. The packages: temper sbom TARGET --format cyclonedx-json',
  spdx: 'A scan lists findings. The packages: temper sbom TARGET --format spdx-json',
  'spdx-json': 'A scan lists findings. The packages: temper sbom TARGET --format spdx-json',
  github: 'Findings for a code host: --format sarif. The packages: temper sbom TARGET',
  'cosign-vuln': 'Write --format in-toto, or attach it: --attach --sign KEY',
  template: 'Write --format markdown, html or csv, or use --format json with jq.',
  'only-packages': 'The packages: temper sbom TARGET',
  packages: 'The packages: temper sbom TARGET',
  list: 'For people: leave it out. For programs: --format json',
}

/**
 * The format of a scan that a word names; the word itself when Temper knows nothing else. Throws with a line to type.
 */
export function scanFormatWord(text: string): string {
  if (severities.some((severity) => severity === text.toLowerCase()))
    throw new TemperError('bad-usage', `-f ${text}: this is a severity, but -f is the format`, {
      hint: `Write --fail-on ${text.toLowerCase()}.`,
    })
  const answer = Object.hasOwn(scanAnswers, text) ? scanAnswers[text] : undefined
  if (answer !== undefined)
    throw new TemperError('bad-usage', `"${text}" is not a format for scans`, { hint: answer })
  return Object.hasOwn(scanNames, text) ? (scanNames[text] ?? text) : text
}

/** What Trivy and Syft call formats of bills of materials, where the same is meant. */
const sbomNames: Readonly<Record<string, string>> = { cyclonedx: 'cyclonedx-json' }

const sbomAnswers: Readonly<Record<string, string>> = {
  spdx: 'Temper writes SPDX as JSON: --format spdx-json',
  'spdx-tag-value': 'Temper writes SPDX as JSON: --format spdx-json',
  'cyclonedx-xml': 'Temper writes CycloneDX as JSON: --format cyclonedx-json',
  'syft-json': 'Temper writes standards: --format spdx-json or cyclonedx-json',
  json: 'Write --format spdx-json or cyclonedx-json.',
  table: 'A list for people: temper inspect IMAGE',
  text: 'A list for people: temper inspect IMAGE',
  list: 'A list for people: temper inspect IMAGE',
  'github-json': 'Write --format spdx-json or cyclonedx-json.',
  template: 'Write --format spdx-json or cyclonedx-json, and process it with jq.',
  purls: "Write: temper sbom TARGET --format cyclonedx-json | jq -r '.components[].purl'",
}

export function sbomFormatWord(text: string): string {
  const answer = Object.hasOwn(sbomAnswers, text) ? sbomAnswers[text] : undefined
  if (answer !== undefined)
    throw new TemperError('bad-usage', `"${text}" is not a format for bills of materials here`, {
      hint: answer,
    })
  return Object.hasOwn(sbomNames, text) ? (sbomNames[text] ?? text) : text
}

/** Words that -o takes for formats in Grype and Syft, and for files in Trivy: it is asked which is meant. */
export function refuseFormatAsFile(text: string, formats: readonly string[]): void {
  const words = [
    ...formats,
    ...Object.keys(scanNames),
    ...Object.keys(scanAnswers),
    ...Object.keys(sbomAnswers),
  ]
  if (!words.includes(text)) return
  const known = formats.includes(text)
  throw new TemperError('bad-usage', `-o ${text}: is that a format, or a file of that name?`, {
    hint: known
      ? `For the format write --format ${text}, or -o ${text}=FILE; for the file write -o ./${text}.`
      : `For the file write -o ./${text}; formats are ${formats.join(', ')}.`,
  })
}
