import type { Figure } from './figures.ts'
import { median, temperCases } from './result.ts'
import { type Compression, compressions, type Workload, workloads } from './workload.ts'

/** What the tables are written between in a page. */
const begin = '<!-- figures: written by npm run bench -- --page -->'
const end = '<!-- end of figures -->'

const titles: Readonly<Record<Workload, string>> = {
  nginx: 'nginx',
  jre: 'JRE 21',
  postgres: 'PostgreSQL 17',
  large: 'More than 1 GB',
}

/** A page with the tables of these figures in place of those that it had. */
export function withTables(page: string, figures: readonly Figure[]): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`expected "${begin}" and "${end}" in the page`)
  return `${page.slice(0, from)}${begin}\n\n${tablesOf(figures)}\n${page.slice(to)}`
}

/** Tables in Markdown: images side by side, then everything else. */
export function tablesOf(figures: readonly Figure[]): string {
  const builds = workloads.flatMap((workload) => buildsOf(workload, figures))
  const others = figures.filter(({ contest }) => !builds.some((build) => build.contest === contest))
  const parts = [
    circumstances(figures),
    ...(builds.length === 0 ? [] : [timeTable('CPU', builds), timeTable('wall', builds), sizeTable(builds)]),
    ...(others.length === 0 ? [] : [contestTable(others)]),
  ]
  return `${parts.join('\n\n')}\n`
}

/** All figures of one image and compressor. */
interface Build {
  readonly workload: Workload
  readonly compression: Compression
  readonly contest: string
  readonly figures: readonly Figure[]
}

function buildsOf(workload: Workload, figures: readonly Figure[]): readonly Build[] {
  return compressions.flatMap((compression) => {
    const contest = `${workload} ${compression}`
    const own = figures.filter((figure) => figure.contest === contest)
    return own.length === 0 ? [] : [{ workload, compression, contest, figures: own }]
  })
}

/** What the figures were measured with and on: of more than one run each thing that differs is told once. */
function circumstances(figures: readonly Figure[]): string {
  const runs = figures.flatMap(({ run }) => run ?? [])
  const every = (values: readonly (string | number)[]) => [...new Set(values)].join(', ')
  const loads = runs.map(({ load }) => load)
  const most = Math.max(...runs.map((run) => run.runs))
  const fewer = figures.filter(({ run }) => run !== undefined && run.runs < most)
  const exceptions = every(fewer.map(({ contest, run }) => `${contest}: ${run?.runs}`))
  return [
    `Medians of ${most} runs${exceptions === '' ? '' : ` (${exceptions})`} at ${every(runs.map(({ commit }) => commit))}`,
    `Node ${every(runs.map(({ node }) => node))}`,
    `${every(runs.map(({ cores }) => cores))} processors`,
    `a load of ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} as contests began.`,
  ].join(', ')
}

type Time = 'CPU' | 'wall'

function timeTable(time: Time, builds: readonly Build[]): string {
  const of = (figure: Figure) => (time === 'CPU' ? figure.cpu : figure.wall)
  const shown = workloads.filter((workload) => builds.some((build) => build.workload === workload))
  const peers = shown.map((workload) => {
    const rivals = builds.flatMap((build) => (build.workload === workload ? (peerOf(build) ?? []) : []))
    return rivals.length === 0 ? '' : median(rivals.map(of)).toFixed(2)
  })
  const rows = compressions.flatMap((compression) =>
    temperCases.map((name) => [
      `${name[0]?.toUpperCase()}${name.slice(1)}, ${compression}`,
      ...shown.map((workload) => {
        const build = builds.find((each) => each.workload === workload && each.compression === compression)
        const [figure, peer] = [build && caseOf(build, name), build && peerOf(build)]
        if (figure === undefined || peer === undefined) return ''
        return `${of(figure).toFixed(2)} (${(of(peer) / of(figure)).toFixed(1)}×)`
      }),
    ]),
  )
  const measured = rows.filter((row) => row.slice(1).some((cell) => cell !== ''))
  const header = [
    time === 'CPU' ? 'CPU seconds' : 'Seconds from start to end',
    ...shown.map((name) => titles[name]),
  ]
  return markdown([header, ['mmdebstrap, pigz -6', ...peers], ...measured])
}

/** Memory of all processes and bytes of images. */
function sizeTable(builds: readonly Build[]): string {
  const rows = builds.map((build) => {
    const memory = (name: (typeof temperCases)[number]) => caseOf(build, name)?.memory.toFixed(0) ?? ''
    const peer = peerOf(build)
    return [
      `${titles[build.workload]}, ${build.compression}`,
      ...temperCases.map(memory),
      peer?.memory.toFixed(0) ?? '',
      megabytes(caseOf(build, 'cold')?.bytes),
      megabytes(peer?.bytes),
    ]
  })
  const header = ['MiB of all processes', ...temperCases, 'mmdebstrap', 'Image, MB', "mmdebstrap's, MB"]
  return markdown([header, ...rows])
}

function contestTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const [ours] = figures.filter((other) => other.contest === figure.contest && other.case === figure.case)
    const ratio = (of: (figure: Figure) => number) => `${(of(figure) / of(ours ?? figure)).toFixed(2)}×`
    return [
      figure.case,
      figure.tool,
      `${figure.cpu.toFixed(3)} (${ratio(({ cpu }) => cpu)})`,
      `${figure.wall.toFixed(3)} (${ratio(({ wall }) => wall)})`,
      figure.memory.toFixed(0),
    ]
  })
  return markdown([['', 'Program', 'CPU seconds', 'Seconds from start to end', 'MiB'], ...rows])
}

function caseOf({ figures }: Build, name: string): Figure | undefined {
  return figures.find((figure) => figure.tool === 'temper' && figure.case.endsWith(`: ${name}`))
}

function peerOf({ figures }: Build): Figure | undefined {
  return figures.find(({ tool }) => tool !== 'temper')
}

function megabytes(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? '' : (bytes / 1e6).toFixed(1)
}

/** Rows of cells, the first of them the header. */
function markdown([header = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
