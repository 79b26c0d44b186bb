import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What an archive is in truth: the coordinates that it is fetched by. */
export interface Published {
  readonly group: string
  readonly artifact: string
  readonly version: string
}

/** Lines "GROUP:ARTIFACT", a tab, "VERSION"; those that begin with "#" are for people. */
export async function readSample(list: URL): Promise<readonly Published[]> {
  return (await readFile(list, 'utf8')).split('\n').flatMap((line) => {
    const [, group, artifact, version] = /^([^#:\s]+):(\S+)\t(\S+)$/.exec(line) ?? []
    return group === undefined || artifact === undefined || version === undefined
      ? []
      : [{ group, artifact, version }]
  })
}

export function defaultFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'temper-test-tools', 'java-names')
}

export function fileOf({ group, artifact, version }: Published, folder: string): string {
  return join(folder, group, `${artifact}-${version}.jar`)
}

/**
 * With Maven's dependency plugin, which fetches nothing that they need. It stops at the first that is no longer served: that one is
 * left out, and the others are asked for again.
 */
export async function fetchMissing(samples: readonly Published[], folder: string): Promise<void> {
  const gone = new Set<string>()
  for (;;) {
    const missing: Published[] = []
    for (const sample of samples)
      if (!gone.has(coordinatesOf(sample)) && !(await stat(fileOf(sample, folder)).catch(() => undefined)))
        missing.push(sample)
    if (missing.length === 0) return
    const unknown = await fetchAll(missing, folder)
    if (unknown === undefined) return
    gone.add(unknown)
  }
}

export function coordinatesOf({ group, artifact, version }: Published): string {
  return `${group}:${artifact}:${version}`
}

/** The coordinates of one that is not served, where Maven stopped at that. */
async function fetchAll(samples: readonly Published[], folder: string): Promise<string | undefined> {
  const items = samples.map(
    ({ group, artifact, version }) =>
      `<artifactItem><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><outputDirectory>${join(folder, group)}</outputDirectory></artifactItem>`,
  )
  const project = await mkdtemp(join(tmpdir(), 'java-names-'))
  try {
    await mkdir(folder, { recursive: true })
    const plugin = `<plugin><artifactId>maven-dependency-plugin</artifactId><configuration><artifactItems>${items.join('')}</artifactItems></configuration></plugin>`
    await writeFile(
      join(project, 'pom.xml'),
      `<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version><packaging>pom</packaging><build><plugins>${plugin}</plugins></build></project>`,
    )
    await run('mvn', ['-q', '-B', 'dependency:copy'], { cwd: project, maxBuffer: 64 << 20 })
    return undefined
  } catch (error) {
    const { stdout = '' } = error as { readonly stdout?: string }
    const told = new Set(
      [...stdout.matchAll(/([\w.-]+):([\w.-]+):jar:([\w.+-]+)/g)].map((each) => each.slice(1).join(':')),
    )
    const unknown = samples.find((each) => told.has(coordinatesOf(each)))
    if (unknown === undefined) throw error
    return coordinatesOf(unknown)
  } finally {
    await rm(project, { recursive: true })
  }
}
