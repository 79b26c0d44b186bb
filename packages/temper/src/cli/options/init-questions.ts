import { TemperError } from '../../base/error.ts'
import { type FoundApplication, findApplication, findLockFiles } from '../../flows/begin/application.ts'
import type { Beginning } from '../../flows/begin/begin.ts'
import { type AppLanguage, languages } from '../../flows/begin/language.ts'
import type { Host } from '../host.ts'

interface Question {
  readonly text: string
  /** What an empty answer means; an empty one: nothing. */
  readonly default: string
  /** What a person may answer, for who answers otherwise. */
  readonly expected: string
  readonly fits: (answer: string) => boolean
}

/** What an answer of nothing is typed as, where there is a default. */
const nothing = /^(?:-|none)$/

/** Answers of one kind that are refused before it is given up. */
const mostTries = 3

const portsForm = /^\d{1,5}(?:\/(?:tcp|udp|sctp))?(?:,\d{1,5}(?:\/(?:tcp|udp|sctp))?)*$/
const isPath = (answer: string) =>
  /^[^\s/]+(?:\/[^\s/]+)*$/.test(answer) && !answer.split('/').some((part) => part === '.' || part === '..')

/** Asks for what an image is to be; defaults are what is known. Undefined when nobody is there, or nobody goes on. */
export async function askBeginning(
  known: Beginning,
  about: { readonly folder: string; readonly found: FoundApplication; readonly releases: readonly string[] },
  host: Pick<Host, 'ask'>,
): Promise<Beginning | undefined> {
  const { folder, releases } = about
  const ask = async (question: Question) => await answerTo(question, host)
  const name = await ask({
    text: 'Name of the image',
    default: known.name,
    fits: (answer) => /^[a-z0-9][a-z0-9._-]*$/.test(answer),
    expected: 'a name of a-z, 0-9, ".", "_" and "-"',
  })
  if (name === undefined) return undefined
  const distribution = await ask({
    text: `Packages of (${releases.join(', ')})`,
    default: known.distribution ?? releases[0] ?? '',
    expected: `one of ${releases.join(', ')}`,
    fits: (answer) => releases.includes(answer),
  })
  if (distribution === undefined) return undefined
  const runs = await ask({
    text: `What it runs (${languages.join(', ')}, or - for a program of its own)`,
    default: known.language ?? '-',
    expected: `one of ${languages.join(', ')}, -`,
    fits: (answer) => languages.some((each) => each === answer),
  })
  if (runs === undefined) return undefined
  const language = languages.find((each) => each === runs)
  const isOther = language !== undefined && language !== about.found.language
  const shown = isOther ? await findApplication(folder, language) : about.found
  const lockFile = language && (await askLockFile(language, { known, folder }, ask))
  if (language !== undefined && lockFile === undefined) return undefined
  const main = await ask({
    text: 'File that is started (- for none)',
    fits: isPath,
    default: known.main ?? (shown.language === language ? shown.main : undefined) ?? '',
    expected: 'a file below the folder',
  })
  const ports =
    main !== undefined &&
    (await ask({
      text: 'Port that it listens on (- for none)',
      default: known.ports.join(','),
      expected: 'numbers such as 8080 or 53/udp',
      fits: (answer) => portsForm.test(answer),
    }))
  if (ports === undefined || ports === false) return undefined
  const user = await ask({
    text: 'User that it runs as',
    default: known.user ?? 'nonroot',
    expected: 'a name or a number',
    fits: (answer) => /^(?:[a-z_][a-z0-9_-]{0,31}|\d{1,9})$/.test(answer),
  })
  if (user === undefined) return undefined
  return {
    name,
    ...(distribution === releases[0] ? {} : { distribution }),
    ...(language === undefined ? {} : { language }),
    ...(lockFile ? { lockFile } : {}),
    ...(main === '' || main === undefined ? {} : { main }),
    ...(shown.mainClass === undefined || main !== shown.main ? {} : { mainClass: shown.mainClass }),
    ...(shown.language === language && shown.files !== undefined ? { files: shown.files } : {}),
    ...(shown.language === language && shown.build !== undefined ? { build: shown.build } : {}),
    ...(shown.language === language ? seenIn(shown, { main, lockFile }) : {}),
    ports: ports === '' ? [] : ports.split(','),
    ...(user === 'nonroot' ? {} : { user }),
  }
}

/** What nobody is asked about; what its Dockerfile starts it does while the file is the one that was found. */
function seenIn(
  { besides, wish, dockerfile, start, before, extensions, main: shown, lockFile: own }: FoundApplication,
  answers: { readonly main?: string | undefined; readonly lockFile?: string | undefined },
): Partial<Beginning> {
  return {
    ...(besides === undefined ? {} : { besides }),
    ...(wish === undefined ? {} : { wish }),
    ...(extensions === undefined ? {} : { extensions }),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(start === undefined || answers.main !== (shown ?? '') ? {} : { start }),
    ...(before === undefined || answers.lockFile !== own ? {} : { before }),
  }
}

async function askLockFile(
  language: AppLanguage,
  { known, folder }: { readonly known: Beginning; readonly folder: string },
  ask: (question: Question) => Promise<string | undefined>,
): Promise<string | undefined> {
  const files = await findLockFiles(folder, language)
  const own = known.language === language ? known.lockFile : undefined
  if (files.length === 0 && own === undefined) return ''
  return await ask({
    text: `Lock file of its packages (- for none)`,
    default: own ?? files[0] ?? '',
    expected: 'a file below the folder',
    fits: isPath,
  })
}

/** Asks until an answer is one. Throws `bad-usage` for the third that is none. */
async function answerTo(question: Question, host: Pick<Host, 'ask'>): Promise<string | undefined> {
  const { text, default: usual, expected, fits } = question
  const shown = usual === '' ? '' : ` [${usual}]`
  for (let tries = 1; ; tries++) {
    const hint = tries === 1 ? '' : `  expected ${expected}\n`
    const answer = (await host.ask(`${hint}${text}${shown}: `))?.trim()
    if (answer === undefined) return undefined
    if (answer === '') return nothing.test(usual) ? '' : usual
    if (nothing.test(answer)) return ''
    if (fits(answer)) return answer
    if (tries === mostTries)
      throw new TemperError(
        'bad-usage',
        `${text}: expected ${expected}, found ${JSON.stringify(answer.slice(0, 100))}`,
      )
  }
}
