import { aspects, tiers } from '../../model/assess/assessment.ts'
import { placeSchema, violationMembers } from '../json/violation.ts'
import { count, flag, type Json, list, orNull, record, ref, text } from '../json/vocabulary.ts'

const tier: Json = {
  enum: [...tiers],
  description: 'How far the image is hardened; the first tier is the lowest.',
}
const graded = {
  aspect: { enum: [...aspects], description: 'What the rule belongs to.' },
  tier: { enum: tiers.slice(1), description: 'The lowest tier that asks for it.' },
}

const finding = record(
  {
    ...violationMembers,
    layer: orNull('string', 'Diff id of the layer that brought it.'),
    ...graded,
    instruction: text('The instruction of the Dockerfile that brought it, as far as the history says.'),
    package: text('The package that brought it.'),
    source: ref('sourceLine'),
    more: count('How many more findings it stands for, which are not listed one by one.'),
  },
  'What breaks a rule.',
  ['instruction', 'package', 'source', 'more'],
)

const sourceLine = record(
  {
    file: text('The recipe or Dockerfile, as the person named it, or as it is attached.'),
    line: count('From 1; absent: there is no such line yet.'),
    key: text('What stands there, or is to be added.'),
    change: { enum: ['change', 'add'], description: 'Whether it is there, or has to be added.' },
    brings: text('What stands there brings this package.'),
  },
  'The line that would repair it.',
  ['line', 'brings'],
)

const grade = record(
  {
    id: { enum: [...aspects], description: 'Which aspect.' },
    tier,
    reasons: list({ type: 'string' }, 'What keeps it from the next tier, the most telling first.'),
    judged: flag('False when a rule of it could not be checked.'),
  },
  'How the image stands in one aspect.',
)

const step = record(
  {
    rule: text('Id of the rule.'),
    rules: list({ type: 'string' }, 'Every rule that it is about.'),
    todo: text('What to do, and to what.'),
    findings: count('How many findings that removes; 0: the rule could not be checked.'),
    sources: list(ref('sourceLine'), 'The first few lines to change for that.'),
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
    createdBy: text('What the history says made it.'),
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
    claimed: text('The label, annotation or variable that claims it.'),
    modules: list(
      record(
        {
          path: text('Absolute, in the image.'),
          name: text('As its bytes have it.'),
          version: text('As its bytes have it.'),
          package: text('The package that brought it.'),
          certificate: text('Number of the certificate that a text in it names.'),
        },
        'A module for cryptography that says it is made for FIPS 140.',
        ['name', 'version', 'package', 'certificate'],
      ),
      'Modules that were found.',
    ),
    active: flag('Whether OpenSSL computes with one of them alone.'),
    missing: list({ type: 'string' }, 'What is in the way of that.'),
    certificates: list({ type: 'string' }, 'Numbers of certificates that labels and annotations name.'),
  },
  'What the image has for FIPS; that a module is validated remains the claim of its vendor.',
  ['claimed'],
)

const against = record(
  {
    target: text('As the person named it.'),
    digest: orNull('string', 'Digest of the image.'),
    tier,
    aspects: list(ref('aspect'), 'All of them.'),
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
      next: list(step, 'What to do for the next tier, in this order; empty: the image is secure.'),
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
