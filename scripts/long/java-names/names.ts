import { readFile, stat, writeFile } from 'node:fs/promises'
import { ArchiveReading } from '../../../packages/temper/src/inventory/language/java/archive.ts'
import { coordinatesOf, defaultFolder, fetchMissing, fileOf, type Published, readSample } from './sample.ts'
import { keepTraces } from './traces.ts'

const page = new URL('../../../docs/reference/java-names.md', import.meta.url)
/** What the inventory has to name rightly. */
const wanted = 0.97

/** Lists of archives, with what was right of each before any rule was fitted to it: measured once, at that commit. */
const lists = [
  { name: 'first', firstSight: '–' },
  { name: 'second', firstSight: '115 of 120; bare 44 of 60' },
  { name: 'third', firstSight: '115 of 120; bare 48 of 60' },
  { name: 'fourth', firstSight: '282 of 300 (without: 132 of 150); bare 135 of 150' },
  {
    name: 'fifth',
    firstSight: '251 of 300 (without: 105 of 150), 5 wrong not said to be guessed; bare 129 of 150',
  },
  {
    name: 'sixth',
    firstSight: '269 of 300 (without: 120 of 150), 3 wrong not said to be guessed; bare 129 of 150',
  },
  { name: 'seventh', firstSight: '158 of 167 (without: 77 of 86); bare 71 of 81' },
  { name: 'eighth', firstSight: '273 of 274 (without: 42 of 42)' },
  {
    name: 'ninth',
    firstSight: '49 of 62 (without: 21 of 33), 2 wrong not said to be guessed; bare 24 of 29',
  },
  { name: 'tenth', firstSight: '35 of 37 (without: 17 of 19); bare 14 of 18' },
  {
    name: 'eleventh',
    firstSight:
      '268 of 300 (without: 119 of 150), 5 wrong not said to be guessed; bare 129 of 150, 2 of them not said',
  },
  {
    name: 'twelfth',
    firstSight: '253 of 283 (without: 104 of 133), 1 wrong not said to be guessed; bare 142 of 150',
  },
  {
    name: 'thirteenth',
    firstSight: '242 of 275 (without: 141 of 174); bare 91 of 101, 1 of them not said',
  },
  { name: 'fourteenth', firstSight: '70 of 70 (without: 24 of 24); bare 46 of 46' },
  {
    name: 'fifteenth',
    firstSight: '113 of 123 (without: 48 of 56), 2 wrong not said to be guessed; bare 54 of 67',
  },
  { name: 'sixteenth', firstSight: '207 of 212 (without: 83 of 88); bare 113 of 124' },
  { name: 'seventeenth', firstSight: '318 of 335 (without: 145 of 162); bare 161 of 173' },
  { name: 'eighteenth', firstSight: '45 of 47 (without: 19 of 21); bare 25 of 26' },
] as const

/** What the archives of this list are named by is kept for the tests, without the archives. */
const kept = 'first'

interface Named extends Published {
  readonly list: string
  /** Whether it has a pom.properties, its own or that of something inside. */
  readonly stated: boolean
  readonly name: string
  readonly guessedFrom: string | undefined
  /** The name without all that Maven had written into it; absent where there was none. */
  readonly bare?: string
  /** Whether that name is said to be guessed. */
  readonly bareIsGuessed?: boolean
}

/**
 * Names real archives of Maven's central repository, half of which have no pom.properties, and writes down how many are named
 * rightly. Takes a folder that keeps the archives (in the cache); Maven fetches those that are missing, configured as it
 * is on the machine. False when fewer than 97 % of the first list are right, or a wrong one is not said to be guessed.
 */
export async function nameArchives([folder = defaultFolder()]: readonly string[]): Promise<boolean> {
  const named: Named[] = []
  for (const { name: list } of lists) {
    const samples = await readSample(new URL(`${list}.tsv`, import.meta.url))
    for (const sample of await fetched(samples, folder))
      named.push({ ...(await nameOne(sample, folder)), list })
  }
  await keepTraces(await readSample(new URL(`${kept}.tsv`, import.meta.url)), folder)
  const text = report(named)
  await writeFile(page, text)
  console.log(text)
  const first = named.filter(({ list }) => list === 'first')
  const silent = named.filter(
    (each) => (!isRight(each) && each.guessedFrom === undefined) || isSilentBare(each),
  )
  for (const each of silent)
    console.log(`not said to be guessed: ${coordinatesOf(each)} is ${each.name}, bare ${each.bare}`)
  return first.filter(isRight).length / first.length >= wanted && silent.length === 0
}

/** Those that are still served: an archive or two of hundreds may have been taken back. */
async function fetched(samples: readonly Published[], folder: string): Promise<readonly Published[]> {
  const failure = await fetchMissing(samples, folder).catch((error: unknown) => error)
  const there = await Promise.all(samples.map((sample) => isThere(fileOf(sample, folder))))
  const missing = samples.filter((_, index) => there[index] !== true)
  if (missing.length * 100 > samples.length) throw failure
  for (const each of missing) console.error(`${coordinatesOf(each)} cannot be fetched: it is left out`)
  return samples.filter((_, index) => there[index] === true)
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function nameOne(sample: Published, folder: string): Promise<Omit<Named, 'list'>> {
  const path = fileOf(sample, folder)
  const fileName = path.slice(path.lastIndexOf('/') + 1)
  const bytes = await readFile(path)
  const stated = bytes.includes('/pom.properties')
  const { name, guessedFrom } = await namesItself(bytes, fileName)
  if (!stated) return { ...sample, stated, name, guessedFrom }
  const without = Buffer.from(
    bytes.toString('latin1').replaceAll('META-INF/maven/', 'META-INF/other/'),
    'latin1',
  )
  const bare = await namesItself(without, fileName)
  const bareIsGuessed = bare.guessedFrom !== undefined
  return { ...sample, stated, name, guessedFrom, bare: bare.name, bareIsGuessed }
}

async function namesItself(bytes: Buffer, fileName: string) {
  const reading = new ArchiveReading()
  await reading.read(bytes, fileName)
  const self = reading.packages.find((each) => each?.sha1 !== undefined && each.at === undefined)
  return {
    name: self === undefined ? 'nothing' : `${self.name}:${self.version}`,
    guessedFrom: self?.guessedFrom,
  }
}

/** Named wrongly without what Maven wrote, and not said to be guessed. */
function isSilentBare(named: Named): boolean {
  const { bare, bareIsGuessed } = named
  return bare !== undefined && bare !== 'nothing' && bareIsGuessed !== true && bare !== coordinatesOf(named)
}

function isRight(named: Named): boolean {
  return named.name === coordinatesOf(named)
}

function rowOf(list: (typeof lists)[number], all: readonly Named[]): string {
  const own = all.filter((each) => each.list === list.name)
  const without = own.filter(({ stated }) => !stated)
  const bare = own.filter((each) => each.bare !== undefined)
  return `| ${[
    `[${list.name}](../../scripts/long/java-names/${list.name}.tsv)`,
    share(own, isRight),
    share(without, isRight),
    share(bare, (each) => each.bare === coordinatesOf(each)),
    `${own.filter((each) => !isRight(each) && each.guessedFrom === undefined).length}; bare ${own.filter(isSilentBare).length}`,
    list.firstSight,
  ].join(' | ')} |`
}

function share(all: readonly Named[], isCounted: (each: Named) => boolean): string {
  const count = all.filter(isCounted).length
  return `${count} of ${all.length} (${((100 * count) / all.length).toFixed(1)} %)`
}

function report(named: readonly Named[]): string {
  const wrong = named
    .filter((each) => !isRight(each))
    .map((each) => `| ${coordinatesOf(each)} | ${each.name} | ${each.guessedFrom ?? '–'} |`)
  return [
    '# Names of real Java archives',
    '',
    "Written by `npm run long -- java-names`. Lists of archives of Maven's central repository, at most three of a group, each drawn by a seed that",
    'it names; half of each have no `pom.properties`. The first four are of well-known projects, the others of what [locks](../glossary.md#lock) of public projects name, some of',
    'them of Android. Names are held against the coordinates that they were fetched by. "Bare" are the archives with',
    'a `pom.properties`, named once more with all that Maven had written into them taken out: the hardest there is. "At first sight" says what was right before',
    'any rule or list of names was changed for an archive of that list: the rules were fitted to them afterwards, so the other numbers flatter, and those at first',
    'sight are the honest ones. The fifth came before [names that were published](language-packages.md#how-a-java-archive-gets-its-name) shipped with Temper, the sixth and the seventh after,',
    'from projects whose locks were no source of them. The eighth is of well-known names again, few of them without `pom.properties`; the ninth and the tenth are of the',
    'locks of single public projects, half of them names that nothing here had before: the ninth gave rules, the tenth was fetched after them and gave none. The eleventh is of',
    'what the locks of five public projects name, mostly of old versions and of one that works with hundreds of libraries: of its 150 without `pom.properties` 96 are names that nothing',
    'here had before, of which 68 were right at first sight. The twelfth is of the locks of 21 more, a fifth of it of one publisher who has a group for each project;',
    'its rows and the older ones were not measured on one day. The thirteenth is of 41 small projects drawn beside the twelve lists, most of it without `pom.properties`; nothing was',
    'changed after it. It was named twice, by the names and rules before it and by those that 695 other archives had chosen (each named without what its own source of names',
    'says, and a rule kept only where more of all of them were right): 234 of 275 before, 242 after. The fourteenth is what two thousand well-known names and the locks of three',
    'projects had left that no list before it has: 70 of 70, with no rule changed for it. The fifteenth and the sixteenth are of the locks, checksums and lists of licences of 29 public projects',
    'of which no list was drawn before: the fifteenth gave rules (artefacts that moved to another group, two poms of one name), the sixteenth was fetched after the first of them, and its last 57 archives',
    'after all: 56 of these were right. The seventeenth is mostly of what one project that instruments hundreds of libraries is tested with, many of them old; it gave rules',
    '(moves to another group, a version that names Groovy’s). The eighteenth, of eleven projects more, was named after these; the two that were wrong have moved since.',
    '[Lists of names by digest](../how-to/feeds.md#names-of-java-archives) end the guessing.',
    '',
    "What the archives of the first list are named by (manifests, packages, statements of build tools: nothing of Maven's) is kept beside the code, and a test of every run",
    'names them by that: 97 % have to be right, and the others said to be guessed. The archives themselves are fetched by hand. One line of the names that were published',
    '(`com.oracle.ojdbc`) was added for archives of the ninth list, where the same names had stood under another group alone.',
    '',
    '| List | Right | Without pom.properties | Bare | Wrong and not said to be guessed | Right at first sight |',
    '| --- | --- | --- | --- | --- | --- |',
    ...lists.map((list) => rowOf(list, named)),
    '',
    '| Wrong | Named | Guessed from |',
    '| --- | --- | --- |',
    ...wrong,
    '',
  ].join('\n')
}
