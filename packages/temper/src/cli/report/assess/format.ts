import type { Assessment } from '../../../model/assess/assessment.ts'
import type { AssessTextOptions } from './assess.ts'

/** What `temper assess` can write. */
export const assessFormats = ['terminal', 'json', 'sarif', 'html', 'markdown', 'svg'] as const
export type AssessFormat = (typeof assessFormats)[number]

export function isAssessFormat(text: string): text is AssessFormat {
  return assessFormats.some((format) => format === text)
}

/** The format that a file's name asks for; undefined for names that say nothing. */
export function assessFormatOfFile(file: string): AssessFormat | undefined {
  const endings: Readonly<Record<string, AssessFormat>> = {
    sarif: 'sarif',
    json: 'json',
    html: 'html',
    md: 'markdown',
    svg: 'svg',
    txt: 'terminal',
  }
  const ending = file.toLowerCase().slice(file.lastIndexOf('.') + 1)
  return Object.hasOwn(endings, ending) ? endings[ending] : undefined
}

/** An assessment as the text of a document. Each format is loaded when it is written. */
export async function writeAssessment(
  format: AssessFormat,
  assessment: Assessment,
  options: AssessTextOptions,
): Promise<string> {
  switch (format) {
    case 'terminal':
      return (await import('./assess.ts')).assessText(assessment, options)
    case 'json':
      return indented((await import('../../../report/assessment/json.ts')).assessmentJson(assessment))
    case 'sarif':
      return indented(await sarifOf(assessment))
    case 'html':
      return (await import('../../../report/assessment/html.ts')).assessmentHtml(assessment)
    case 'markdown':
      return (await import('../../../report/assessment/markdown.ts')).assessmentMarkdown(assessment)
    case 'svg':
      return (await import('../../../report/assessment/badge.ts')).assessmentBadge(assessment)
  }
}

async function sarifOf(assessment: Assessment): Promise<unknown> {
  const [{ assessmentSarif }, { imageRules }] = await Promise.all([
    import('../../../report/assessment/sarif.ts'),
    import('../../../rules/image/rules.ts'),
  ])
  return assessmentSarif(assessment, imageRules)
}

function indented(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`
}
