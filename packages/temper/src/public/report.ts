/** The result of scans in the formats of others. */

export { scansCsv } from '../report/csv.ts'
export { scanCycloneDx } from '../report/cyclonedx-vex.ts'
export { scansGitlab } from '../report/gitlab.ts'
export { scansHtml } from '../report/html/html.ts'
export { scanStatement } from '../report/in-toto.ts'
export { scansJson } from '../report/json/json.ts'
export { scansJunit } from '../report/junit.ts'
export { scansMarkdown } from '../report/markdown/markdown.ts'
export { scansSarif } from '../report/sarif/sarif.ts'
