import { severities } from '../../model/advisory/advisory.ts'
import { gateKinds } from '../../model/advisory/scan-report.ts'
import { componentTypes } from '../../model/inventory.ts'
import { placeSchema, violationMembers } from './violation.ts'
import { count, flag, type Json, list, orNone, orNull, record, ref, text } from './vocabulary.ts'

const severity = { enum: [...severities], description: 'How severe it is; "unknown" when no source says.' }

const componentPackage = record(
  {
    name: text('As its ecosystem writes it.'),
    version: text('The version that is there.'),
    type: { enum: [...componentTypes], description: 'The type of its package URL.' },
    purl: text('Package URL.'),
    source: orNull(
      'string',
      'The source package that it was built from; distributions name vulnerabilities by it.',
    ),
    sourceVersion: orNull('string', 'The version of the source package.'),
    architecture: orNull('string', 'As its ecosystem names it.'),
    location: orNull('string', 'The path of the file that says it is there, without leading slash.'),
    layer: orNull('string', 'Digest of the layer that this path is in.'),
    guessedFrom: orNull('string', 'What its name was guessed from, where nothing states the name.'),
    locations: list(
      record({ path: text('A path.'), layer: orNull('string', 'Digest of its layer.') }, 'One place.'),
      'All places.',
    ),
  },
  'What is affected.',
)

const upgrade = record(
  {
    name: text('The source package, for packages of a distribution; else the package itself.'),
    from: text('The version that is there.'),
    to: text('The lowest version that removes everything that the upgrade removes.'),
  },
  'The upgrade that removes it; null when there is none yet.',
)

const finding = record(
  {
    id: text('The CVE where there is one, else the id of the record.'),
    aliases: list({ type: 'string' }, 'Every other name of the same problem.'),
    title: orNull('string', 'What it is, in a line.'),
    package: componentPackage,
    fixedVersions: list({ type: 'string' }, 'Versions that fix it, lowest first; empty when none is known.'),
    unfixed: {
      enum: ['deferred', 'wont-fix', 'open', null],
      description: 'What the distribution says when there is no fix.',
    },
    upgrade: orNone(upgrade),
    severity,
    severitySource: text('Where the severity comes from.'),
    score: orNull('number', 'CVSS base score.'),
    vector: orNull('string', 'CVSS vector.'),
    kev: flag('Whether it is known to be exploited (CISA).'),
    kevDetails: orNone(
      record(
        {
          added: text('Day on which it was listed.'),
          due: text('Day until which US agencies have to act.'),
          ransomware: flag('Whether ransomware is known to use it.'),
        },
        'What the list says.',
        ['due', 'ransomware'],
      ),
    ),
    epss: orNull('number', 'Probability of exploitation within 30 days, 0 to 1 (FIRST).'),
    epssPercentile: orNull('number', 'Share of all vulnerabilities that are less likely, 0 to 1.'),
    priority: { enum: ['urgent', 'high', 'medium', 'low'], description: 'How soon to look at it.' },
    priorityValue: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      description: 'The priority as a number from 0 to 100.',
    },
    priorityReason: text('What led to this priority.'),
    status: {
      enum: ['not_affected', 'affected', 'fixed', 'under_investigation'],
      description: 'What VEX says; "affected" when it says nothing.',
    },
    justification: orNull('string', 'Why VEX says that it is not affected (OpenVEX).'),
    reason: text('Why it counts, or does not, with versions.'),
    feed: orNull('string', 'The first of the feeds that list it.'),
    feeds: list({ type: 'string' }, 'Ids of all feeds that list it.'),
    published: orNull('string', 'When it was published, RFC 3339.'),
    fixPublished: orNull('string', 'When a fixed version came out, RFC 3339, where a feed says so.'),
    references: list({ type: 'string' }, 'Addresses with more about it.'),
  },
  'One problem of one package.',
)

const suppressedBy = record(
  {
    kind: { enum: ['vex', 'rule'], description: 'A VEX statement or an ignore rule.' },
    source: text('The document, or file and line of the rule.'),
    expires: text('When it stops counting, RFC 3339.'),
  },
  'Who says that it does not count.',
  ['expires'],
)

const secret = record(
  {
    ...violationMembers,
    rule: text('Id of the rule that found it.'),
    title: text('What it is.'),
    severity,
    location: text('Path, without leading slash.'),
    layer: orNull('integer', 'Position of its layer, from 0.'),
    line: { type: 'integer', minimum: 1, description: 'Line, from 1.' },
    excerpt: text('The text at that place, with everything secret replaced.'),
    deleted: flag('True when a later layer deletes the file: it can be read all the same.'),
  },
  'A secret in the target.',
)

const gateViolation = record(
  {
    ...violationMembers,
    rule: text('As it was given with --fail-on.'),
    kind: { enum: [...gateKinds], description: 'What breaks it.' },
    id: text('Id of the finding, the rule of the secret, the feed or the distribution.'),
    why: text('Why the rule applies; the same as `found`.'),
    purl: orNull('string', 'Package URL, of findings.'),
    location: orNull('string', 'Path, of findings.'),
    upgrade: orNone(upgrade),
  },
  'Something that breaks a rule.',
)

const compared = list(
  record(
    {
      id: text('As in findings.'),
      severity,
      package: record(
        { type: text('As in findings.'), name: text('Its name.'), version: text('Its version.') },
        'Where it is.',
      ),
      earlierVersion: text('The version in the other scan, when it differs.'),
      fixedVersions: list({ type: 'string' }, 'As in findings.'),
    },
    'A finding.',
    ['earlierVersion'],
  ),
  'Findings.',
)

const summary = record(
  {
    total: count('Findings.'),
    severities: record(
      Object.fromEntries(severities.map((name) => [name, count('Findings.')])),
      'Findings by severity.',
    ),
    fixable: count('Findings with a fixed version.'),
    exploited: count('Findings that are known to be exploited.'),
    suppressed: count('Findings that VEX or ignore rules suppress.'),
    secrets: count('Secrets.'),
    compared: count('Packages for which there were advisories.'),
    repairedOnly: count(
      'Of those, packages for which only fixed versions are known (secdb, errata, changelogs).',
    ),
    inPart: count('Of those, packages for which the feeds hold only part of what is known.'),
    notCompared: count('Packages for which there was nothing to compare with.'),
    complete: flag('False when something could not be read or compared: then nothing found is no proof.'),
    hidden: count('Findings that --severity leaves out.'),
  },
  'The numbers that matter first.',
)

const result = record(
  {
    schemaVersion: {
      const: 1,
      description:
        'The version of this format. Members may be added; a change of meaning gets a new version.',
    },
    target: text('What was scanned, written as every command takes it.'),
    kind: { enum: ['image', 'directory', 'sbom', 'lock'], description: 'What kind of thing it is.' },
    digest: orNull('string', 'Digest of the image.'),
    platform: orNull('string', 'Platform of the image, such as "linux/amd64".'),
    distribution: { type: ['object', 'null'], description: 'ID, VERSION_ID and more of os-release(5).' },
    inventoryFrom: text('Where the list of packages comes from.'),
    packages: count('Packages that were found.'),
    summary,
    components: list(
      record(
        {
          purl: text('Package URL.'),
          name: text('As its ecosystem writes it.'),
          version: text('The version that is there.'),
          compared: flag('Whether there were advisories for it.'),
          feeds: list(
            record(
              {
                id: text('Its name.'),
                knows: {
                  enum: ['all', 'repaired', 'records'],
                  description: 'Everything that is known, only fixed versions, or single records.',
                },
                date: text('The day whose state it describes, where that is known.'),
              },
              'A feed that covers the package.',
              ['date'],
            ),
            'What it was compared with.',
          ),
          reason: orNull('string', 'Why it was not compared, or why finding nothing for it proves nothing.'),
          as: orNull('string', 'Package URL of the package that it belongs to and was compared as.'),
        },
        'A package.',
      ),
      'What became of each package, with --components.',
    ),
    findings: list(ref('finding'), 'Most urgent first.'),
    suppressed: list(
      { allOf: [ref('finding'), record({ suppressedBy }, 'Who suppresses it.')] },
      'Findings that do not count.',
    ),
    secrets: list(ref('secret'), 'Secrets that were found.'),
    suppressedSecrets: list(
      { allOf: [ref('secret'), record({ reason: text('Why.'), suppressedBy }, 'Who suppresses it.')] },
      'Secrets that do not count.',
    ),
    upgrades: list(
      record(
        {
          name: text('The source package, for packages of a distribution; else the package itself.'),
          type: { enum: [...componentTypes], description: 'The type of its package URL.' },
          from: text('The version that is there.'),
          to: orNull('string', 'The version that removes them; null when there is none yet.'),
          removes: list({ type: 'string' }, 'Ids of findings.'),
        },
        'An upgrade.',
      ),
      'What to do.',
    ),
    unused: list(
      record(
        {
          kind: { enum: ['vex', 'rule'], description: 'A VEX statement or an ignore rule.' },
          source: text('The document, or where the rule is written.'),
          reason: {
            enum: ['product', 'package', 'version', 'qualifiers', 'place', 'finding', 'suppressed'],
            description: 'What does not match.',
          },
          why: text('The reason in words.'),
        },
        'Has position (of the statement, from 1) and id, unless nothing in the document matches.',
      ),
      'VEX statements and ignore rules that match nothing in any target of the scan.',
    ),
    support: { type: ['object', 'null'], description: 'How long the release is supported.' },
    verdict: orNone(
      record(
        {
          passed: flag('Whether nothing breaks a rule.'),
          rules: list({ type: 'string' }, 'As they were given.'),
          violations: list(gateViolation, 'What breaks them.'),
        },
        'The verdict of the gate; null without --fail-on.',
      ),
    ),
    comparison: orNone(
      record(
        { with: text('The other scan.'), appeared: compared, disappeared: compared, stayed: compared },
        'How this scan differs from another one (--compare).',
      ),
    ),
    layers: list({ type: 'object' }, 'Layers of the image, lowest first.'),
    notes: list(
      record({ code: text('Stable, for scripts.'), message: text('A sentence.') }, 'A note.'),
      'What could not be read or compared, and what else to know.',
    ),
    feeds: list(
      record(
        {
          id: text('Its name.'),
          kind: text('Its format.'),
          count: count('Its records.'),
          digest: text('Digest of what was read.'),
        },
        'A feed, with url, licence, fetched, date and stale where they are known.',
      ),
      'The advisories that the packages were compared with.',
    ),
    asOf: orNull(
      'string',
      'The oldest day of the feeds that were consulted, no later than the requested day; null where none is known.',
    ),
    times: record({ started: text('RFC 3339.'), finished: text('RFC 3339.') }, 'When the scan ran.'),
    generator: record(
      { name: text('Its name.'), version: text('Its version.') },
      'The program that scanned.',
    ),
  },
  'The result of one target.',
  ['components'],
)

/** JSON Schema (2020-12) of what `temper scan --json` prints. */
export function scanJsonSchema(): Json {
  const several = record(
    {
      schemaVersion: { const: 1, description: 'As in results.' },
      passed: flag('False when the gate refuses a target.'),
      targets: list(ref('result'), 'One result for each target, in their order.'),
    },
    'The results of several targets.',
  )
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Result of temper scan',
    anyOf: [ref('result'), ref('results')],
    $defs: { result, results: several, finding, secret, place: placeSchema },
  }
}
