/** How far an image is hardened, and the report of it. */

export { type Assessed, type AssessRequest, assess } from '../flows/assess/assess.ts'
export type { Assessment } from '../model/assess/assessment.ts'
export { assessmentBadge } from '../report/assessment/badge.ts'
export { assessmentHtml } from '../report/assessment/html.ts'
export { assessmentJson } from '../report/assessment/json.ts'
export { assessmentMarkdown } from '../report/assessment/markdown.ts'
