import type { AssessedAgainst, AssessedTarget, Assessment } from '../../model/assess/assessment.ts'
import type { ImagePlatform } from '../../model/platform.ts'
import { grade } from '../../rules/grade/grade.ts'
import { judge } from '../../rules/grade/judge.ts'
import type { RuleParameters } from '../../rules/image/rule.ts'
import type { ImageSubject, SubjectArchive } from '../../rules/image/subject.ts'
import type { Context } from '../context.ts'
import { creationTime } from '../creation-time.ts'
import type { ScanTarget } from '../inventory/target.ts'
import type { ScanRules } from '../scan/result.ts'
import type { TrustRequest } from '../trust/open.ts'
import { fipsReport } from './fips.ts'
import { assessedLayers, measure } from './measure.ts'
import { type ReadFacts, subjectOf } from './read-subject.ts'
import { scanOf } from './scan.ts'
import { slsaReport } from './slsa.ts'
import { readSource, type SourceRequest } from './source/source.ts'
import { readTarget } from './target.ts'

export interface AssessRequest extends Omit<ScanRules, 'failOn'> {
  /** An image or a folder. */
  readonly target: ScanTarget
  /** Which image of several. */
  readonly platform?: ImagePlatform
  /** Whom to trust about evidence; default: whom the person's trust file names. */
  readonly trust?: TrustRequest
  /** Parameters of rules, by id and name; default: their own. */
  readonly parameters?: ReadonlyMap<string, RuleParameters>
  /** Whether to ask the distribution's archive for newer packages, which needs a network. */
  readonly archive?: boolean
  /**
   * The recipe or Dockerfile that it was built from, so that findings name its lines; "attached" means the recipe
   * that is attached to the image, if there is one. Absent: findings name no lines.
   */
  readonly source?: SourceRequest | 'attached'
  /** Another image or folder to compare it with. */
  readonly against?: ScanTarget
}

/** An assessment with the facts behind it: for gates, evidence packs and anybody who wants to look closer. */
export interface Assessed {
  readonly assessment: Assessment
  readonly subject: ImageSubject
}

/**
 * Says which tier an image or folder has reached, why, and what to do about it. Its layers are read once, or
 * not at all if an earlier run has read them. Throws `bad-usage` for a target without files, and the errors of
 * reading images, folders, feeds, ignore rules and trust files. Missing feeds are reported, and count as
 * unknown.
 */
export async function assess(request: AssessRequest, context: Context): Promise<Assessed> {
  const assessed = await assessOne(request.target, request, context)
  if (request.against === undefined) return assessed
  const { source: _, ...without } = request
  const other = (await assessOne(request.against, without, context)).assessment
  return { ...assessed, assessment: { ...assessed.assessment, against: stand(assessed.assessment, other) } }
}

async function assessOne(target: ScanTarget, request: AssessRequest, context: Context): Promise<Assessed> {
  const { source: given } = request
  const named = given === undefined || given === 'attached' ? undefined : await readSource(given, context)
  const options = { ...request, attachedSource: given === 'attached' }
  const { facts, inventoried, evidence, source = named } = await readTarget(target, options, context)
  const scan = await scanOf({ target, inventoried, secrets: facts.secrets }, request, context)
  const archive = request.archive === true ? await archiveOf(facts, context) : undefined
  const subject = subjectOf(
    // What ignore rules let pass is no finding here either.
    { ...facts, secrets: scan?.secrets ?? facts.secrets },
    {
      now: context.now(),
      name: inventoried.name,
      ...(scan === undefined ? {} : { scan }),
      ...(evidence === undefined ? {} : { evidence }),
      ...(archive === undefined ? {} : { archive }),
    },
  )
  const assessment = assessSubject(subject, creationTime(context), request)
  if (source === undefined) return { assessment, subject }
  const { withSourceLines } = await import('./source/find-lines.ts')
  return { assessment: withSourceLines(assessment, source, { subject, context }), subject }
}

async function archiveOf(
  { inventory, image }: ReadFacts,
  context: Context,
): Promise<SubjectArchive | undefined> {
  const { compareWithArchive } = await import('./archive.ts')
  return await compareWithArchive(inventory, image?.platform ?? 'linux/amd64', context)
}

/** The assessment of a subject that was already read. */
export function assessSubject(
  subject: ImageSubject,
  assessed: string,
  { parameters = new Map() }: Pick<AssessRequest, 'parameters'> = {},
): Assessment {
  const judgement = judge(subject, { parameters })
  const fips = fipsReport(subject)
  const slsa = slsaReport(subject)
  return {
    target: targetOf(subject),
    ...grade(judgement),
    ...judgement,
    measures: measure(subject),
    layers: assessedLayers(subject),
    ...(fips === undefined ? {} : { fips }),
    ...(slsa === undefined ? {} : { slsa }),
    notes: subject.scan?.notes ?? subject.inventory.notes,
    assessed,
  }
}

function targetOf({ name, image, inventory: { distribution } }: ImageSubject): AssessedTarget {
  const title = distribution && (distribution.title ?? `${distribution.id} ${distribution.version}`.trimEnd())
  return {
    name,
    kind: image === undefined ? 'directory' : 'image',
    ...(image === undefined ? {} : { digest: image.digest, platform: image.platform }),
    ...(title === undefined ? {} : { distribution: title }),
  }
}

function stand(one: Assessment, other: Assessment): AssessedAgainst {
  const broken = ({ findings }: Assessment) => new Set(findings.map(({ rule }) => rule))
  const [ours, theirs] = [broken(one), broken(other)]
  const { target, tier, aspects, measures, layers } = other
  return {
    target,
    tier,
    aspects,
    measures,
    layers,
    onlyThis: [...ours].filter((rule) => !theirs.has(rule)),
    onlyOther: [...theirs].filter((rule) => !ours.has(rule)),
  }
}
