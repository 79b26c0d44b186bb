import { TemperError } from '../../../base/error.ts'
import type { AssessedFinding, Assessment, TierStep } from '../../../model/assess/assessment.ts'
import { layerMakers } from '../../../model/assess/layer-maker.ts'
import type { SourceLine } from '../../../model/assess/source-line.ts'
import type { Lock } from '../../../model/lock.ts'
import { type RecipeLines, recipeLines } from '../../../recipe/lines.ts'
import { hardeningRules } from '../../../rules/hardening/rules.ts'
import type { ImageSubject } from '../../../rules/image/subject.ts'
import type { Context } from '../../context.ts'
import { DockerfileLines } from './dockerfile-lines.ts'
import type { BuildSource } from './source.ts'

type FindLine = (finding: AssessedFinding) => SourceLine | undefined

/** Most lines that are told of one step. */
const mostLines = 5

/** The same assessment; findings and steps name the line of the recipe or Dockerfile to change, if there is one. */
export function withSourceLines(
  assessment: Assessment,
  source: BuildSource,
  { subject, context }: { readonly subject: ImageSubject; readonly context: Pick<Context, 'progress'> },
): Assessment {
  const find =
    source.kind === 'recipe' ? inRecipe(source, subject, context) : inDockerfile(source, subject, context)
  if (find === undefined) return assessment
  const findings = assessment.findings.map((finding) => {
    const line = find(finding)
    return line === undefined ? finding : { ...finding, source: line }
  })
  return { ...assessment, findings, next: assessment.next.map((step) => withLines(step, findings)) }
}

function withLines(step: TierStep, findings: readonly AssessedFinding[]): TierStep {
  const lines = new Map<string, SourceLine>()
  for (const { rule, level, source } of findings)
    if (rule === step.rule && level !== 'note' && source !== undefined && lines.size < mostLines)
      lines.set(JSON.stringify(source), source)
  return lines.size === 0 ? step : { ...step, sources: [...lines.values()] }
}

function inRecipe(
  { text, options, lock }: Extract<BuildSource, { readonly kind: 'recipe' }>,
  { image }: ImageSubject,
  { progress }: Pick<Context, 'progress'>,
): FindLine | undefined {
  let lines: RecipeLines
  try {
    lines = recipeLines(text, options)
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    progress.warn(`${options.file} cannot be read, so its lines are not known: ${error.message}`)
    return undefined
  }
  const brings = lock === undefined ? undefined : broughtBy(lock, image?.platform)
  const relaxable: ReadonlySet<string> = new Set(hardeningRules.map(({ id }) => id))
  return (finding) => {
    const { rule, path, setting } = finding
    const allowed = relaxable.has(rule) ? lines.relaxation(rule, path) : undefined
    if (allowed !== undefined) return allowed
    if (setting !== undefined) return lines.setting(setting)
    const ofPackage = packageLine(finding.package, lines, brings)
    const file = path === undefined ? undefined : lines.file(path)
    // What a package brought below a folder of the recipe is not the recipe's.
    return file?.exact === true || ofPackage === undefined ? file?.source : ofPackage
  }
}

function packageLine(
  name: string | undefined,
  lines: RecipeLines,
  brings: ((name: string) => string | undefined) | undefined,
): SourceLine | undefined {
  if (name === undefined) return undefined
  const asked = lines.package(name)
  if (asked !== undefined) return asked
  const root = brings?.(name)
  const line = root === undefined ? undefined : lines.package(root)
  return line === undefined ? undefined : { ...line, brings: name }
}

/** The package that the recipe names which leads to another one, as the lock has it. */
function broughtBy(lock: Lock, platform: string | undefined): (name: string) => string | undefined {
  const packages = (lock.platforms.find((each) => each.platform === platform) ?? lock.platforms[0])?.packages
  const wanted = new Map((packages ?? []).map(({ name, wantedBy }) => [name, wantedBy]))
  return (name) => {
    const passed = new Set<string>()
    for (let at = name; !passed.has(at); ) {
      passed.add(at)
      const by = wanted.get(at)
      if (by === undefined) return undefined
      if (by === 'recipe') return at
      at = by
    }
    return undefined
  }
}

function inDockerfile(
  { text, file }: Extract<BuildSource, { readonly kind: 'dockerfile' }>,
  { image, layers }: ImageSubject,
  { progress }: Pick<Context, 'progress'>,
): FindLine {
  const history = image?.config.history ?? []
  const lines = new DockerfileLines(text, file, history)
  if (!lines.isOfImage)
    progress.warn(
      `The history of the image shows nothing that ${file} runs: was the image built from another file?`,
    )
  const makers = layerMakers(history, layers.length)
  const entries = new Map(layers.map(({ diffId }, i) => [diffId, makers[i]] as const))
  return ({ setting, layer }) => {
    if (setting !== undefined) return lines.setting(setting)
    const entry = layer === undefined ? undefined : entries.get(layer)
    return entry === undefined ? undefined : lines.entry(entry)
  }
}
