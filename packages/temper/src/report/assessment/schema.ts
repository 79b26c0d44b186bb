import { aspects, tiers } from '../../model/assess/assessment.ts'
import { placeSchema, violationMembers } from '../json/violation.ts'
import { count, flag, type Json, list, orNull, record, ref, text } from '../json/vocabulary.ts'

const tier: Json = {
  enum: [...tiers],
  description: 'How far the image is hardened; the first tier is the lowest.',
}
const graded = {
  aspect: { enum: [...aspects], description: 'The aspect that the rule belongs to.' },
  tier: { enum: tiers.slice(1), description: 'The lowest tier that asks for the rule.' },
}

const finding = record(
  {
    ...violationMembers,
    layer: orNull('string', 'Diff id of the layer that brought it.'),
    ...graded,
    instruction: text('The instruction of the Dockerfile that brought it, as far as the history says.'),
    package: text('The package that brought it.'),
    source: ref('sourceLine'),
    more: count('How many more findings this one stands for, which are not listed one by one.'),
  },
  'Something that breaks a rule.',
  ['instruction', 'package', 'source', 'more'],
)

const sourceLine = record(
  {
    file: text('The recipe or Dockerfile, under the name that it was given by or attached under.'),
    line: count('Counted from 1; absent when there is no such line yet.'),
    key: text('The setting on that line, or the one to add.'),
    change: { enum: ['change', 'add'], description: 'Whether the setting is there, or has to be added.' },
    brings: text('The package that this line brings.'),
  },
  'The line that would repair it.',
  ['line', 'brings'],
)

const grade = record(
  {
    id: { enum: [...aspects], description: 'The aspect.' },
    tier,
    reasons: list({ type: 'string' }, 'What keeps it from the next tier, the most telling first.'),
    judged: flag('False when a rule of it could not be checked.'),
  },
  'How the image stands in one aspect.',
)

const step = record(
  {
    rule: text('Id of the rule.'),
    rules: list({ type: 'string' }, 'Every rule that this step is about.'),
    todo: text('What to do, and to what.'),
    findings: count('How many findings this removes; 0 when the rule could not be checked.'),
    sources: list(ref('sourceLine'), 'The first few lines to change for this.'),
    ...graded,
  },
  'One thing to do on the way to the next tier.',
  ['sources'],
)

const measures = record(
  {
    size: count('Bytes that are transferred; for a folder, the bytes of its files.'),
    unpacked: count('Bytes of the files.'),
    layers: count('Layers.'),
    packages: count('Packages.'),
    files: count('Files.'),
    executables: count('Programs, scripts and libraries.'),
    setuid: count('Files with setuid or setgid bits, or capabilities.'),
    vulnerabilities: count('Known vulnerabilities; absent without advisories.'),
  },
  'Numbers that two images are compared by.',
  ['vulnerabilities'],
)

const layer = record(
  {
    diffId: text('Absent for a folder.'),
    size: count('Bytes that are transferred.'),
    bytes: count('Bytes of its files.'),
    hidden: count('Bytes of its files that later layers delete or replace.'),
    createdBy: text('What created the layer, according to the history.'),
    origin: {
      enum: ['base', 'application'],
      description: 'Whether the base image or the application brought it, where that is known.',
    },
  },
  'A layer.',
  ['diffId', 'createdBy', 'origin'],
)

const fips = record(
  {
    claimed: text('The label, annotation or variable that claims FIPS.'),
    modules: list(
      record(
        {
          path: text('Absolute, in the image.'),
          name: text('The name that its bytes state.'),
          version: text('The version that its bytes state.'),
          package: text('The package that brought it.'),
          certificate: text('The certificate number that a text in the module names.'),
        },
        'A cryptographic module that says it is made for FIPS 140.',
        ['name', 'version', 'package', 'certificate'],
      ),
      'Modules that were found.',
    ),
    active: flag('Whether OpenSSL uses one of these modules and nothing else.'),
    missing: list({ type: 'string' }, 'What keeps OpenSSL from doing so.'),
    certificates: list({ type: 'string' }, 'Certificate numbers that labels and annotations name.'),
  },
  "What the image has for FIPS; that a module is validated remains its vendor's claim.",
  ['claimed'],
)

const against = record(
  {
    target: text('As the person named it.'),
    digest: orNull('string', 'Digest of the image.'),
    tier,
    aspects: list(ref('aspect'), 'All aspects of the other image.'),
    measures: ref('measures'),
    layers: list(ref('layer'), 'Lowest first.'),
    onlyThis: list({ type: 'string' }, 'Rules that only the image breaks.'),
    onlyOther: list({ type: 'string' }, 'Rules that only the other one breaks.'),
  },
  'How another image compares with it.',
)

/** JSON Schema (2020-12) of what `temper assess --json` prints. */
export function assessmentJsonSchema(): Json {
  const report = record(
    {
      schemaVersion: { const: 1, description: 'Goes up when a member changes its meaning.' },
      target: text('As the person named it.'),
      kind: { enum: ['image', 'directory'], description: 'What it is.' },
      digest: orNull('string', 'Digest of the image of one platform.'),
      platform: orNull('string', 'Such as linux/amd64.'),
      distribution: orNull('string', 'Such as Debian GNU/Linux 13 (trixie).'),
      assessed: text('When, RFC 3339.'),
      tier,
      aspects: list(ref('aspect'), 'All aspects, always in the same order.'),
      next: list(step, 'What to do for the next tier, in this order; empty when the image is secure.'),
      findings: list(ref('finding'), 'Worst first.'),
      unjudged: list(
        record(
          { rule: text('Id of the rule.'), why: text('Why.'), ...graded },
          'A rule that was not checked.',
        ),
        'Rules that could not be checked.',
      ),
      measures: ref('measures'),
      layers: list(ref('layer'), 'Lowest first.'),
      notes: list(
        record({ code: text('Stable, for scripts.'), message: text('A sentence.') }, 'A note.'),
        'What else a reader has to know.',
      ),
      fips,
      against,
      written: list({ type: 'string' }, 'Files that were written.'),
    },
    'How far an image is hardened, why not further, and what to do.',
    ['fips', 'against', 'written'],
  )
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Result of temper assess',
    ...report,
    $defs: { aspect: grade, finding, sourceLine, measures, layer, place: placeSchema },
  }
}
