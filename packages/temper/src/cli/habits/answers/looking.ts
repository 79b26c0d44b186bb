import type { Answers } from './answers.ts'

const named = 'All packages are compared. Leave places out with --exclude.'
const ignored = 'Rules of what to ignore have a reason and an end: --ignore FILE (docs/reference/ignore.md).'
const unfixed = 'Write --only-fixed, or state in VEX what does not matter: --vex FILE.'
const never = 'A scan never fetches advisories: leave it out. "temper feeds update" does.'
const daemons = 'Write docker:NAME, podman:NAME, containerd:NAME or HOST/NAME.'
const layers = 'All layers are read: leave it out.'
const repositories = 'Clone the repository, check out what you mean, and write: temper scan dir:FOLDER'
const kinds = 'All kinds of packages are listed; leave places out with --exclude.'
const exceptions =
  'A policy says what may be as it is, with who, why and until when: temper policy show hardened > policy.yaml'
const levels = 'Write: temper gate IMAGE --policy baseline, which ends with exit code 1 when it refuses.'

export const scan: Answers = [
  [['--template', '-t'], 'Write --format markdown, html or csv, or take --format json apart with jq.'],
  [['--input'], 'Name the file itself: temper scan image.tar'],
  [['--ignorefile'], 'Write: --ignore FILE, which reads .trivyignore and .trivyignore.yaml too.'],
  [['--ignore-policy'], ignored],
  [['--ignore-status', '--ignore-states'], unfixed],
  [['--only-notfixed', '--only-unfixed'], 'Findings without a fix are a section of their own: "No fix yet".'],
  [['--list-all-pkgs'], 'temper sbom IMAGE lists all packages.'],
  [['--skip-db-update', '--skip-update'], never],
  [
    ['--skip-java-db-update', '--skip-vex-repo-update'],
    'A scan never fetches anything but the image: leave it out.',
  ],
  [['--download-db-only', '--download-java-db-only'], 'Write: temper feeds update'],
  [['--reset', '--clear-cache', '--no-cache'], 'Write: temper cache prune --all'],
  [
    ['--db-repository', '--java-db-repository'],
    'Name other sources of advisories in the configuration file, under feeds.',
  ],
  [['--offline-scan'], 'Write --offline. A scan of a local image uses no network anyway.'],
  [['--pkg-types', '--vuln-type', '--only-package-type', '--only-vuln-packages', '--only-package'], named],
  [
    ['--pkg-relationships', '--include-dev-deps', '--dependency-tree'],
    'What brought a package along is shown by: temper scan TARGET -v',
  ],
  [
    ['--file-patterns'],
    'Files are known by what they are called in their ecosystem; rename a copy, or scan its bill of materials.',
  ],
  [['--detection-priority'], 'What is uncertain is said with the finding: temper scan IMAGE -v'],
  [['--exit-on-eol'], 'Write --fail-on eol.'],
  [['--only-severity'], 'Write --severity LEVEL.'],
  [
    ['--epss', '--epss-score', '--epss-date', '--epss-percentile'],
    'EPSS is shown with each finding. To fail for it: --fail-on epss>0.5',
  ],
  [
    ['--only-cisa-kev', '--only-kev'],
    'What is exploited is marked KEV and comes first. To fail for it: --fail-on kev',
  ],
  [['--only-base', '--ignore-base', '--only-stage'], layers],
  [
    ['--only-cve-id'],
    'Take --json apart: temper scan IMAGE --json | jq ".findings[] | select(.id == \\"CVE-…\\")"',
  ],
  [['--only-vex-affected', '--vex-location', '--vex-author'], 'Write --vex FILE.'],
  [
    ['--ignore-suppressed', '--only-metric', '--details', '--multi-stage'],
    'Write -v for all that is known of each finding.',
  ],
  [['--exit-on', '--to'], 'Write --compare OLDER to tell what came and went, --fail-on RULES to fail.'],
  [['--ignore-unchanged'], 'With --compare only what came and went is told: leave it out.'],
  [['--file'], 'Write -o FORMAT=FILE.'],
  [['--output-plugin-arg'], 'Take --format json apart with a program of yours.'],
  [['--by-cve'], 'Findings have the name of their CVE: leave it out.'],
  [['--add-cpes-if-none'], 'Temper compares packages by their names in their ecosystems: leave it out.'],
  [['--image-src', '--from'], daemons],
  [['--sbom-sources'], 'A bill of materials that somebody trusted has signed is used: temper trust init'],
  [
    ['--license-full', '--ignored-licenses', '--license-confidence-level'],
    'Check licences with: temper sbom IMAGE --deny LICENCE',
  ],
  [['--name'], 'Results name the target as it was given.'],
  [['--scope'], layers],
  [
    ['--server', '--token', '--token-header'],
    'Temper compares on this machine; carry advisories with: temper feeds export FILE',
  ],
  [
    ['--secret-config'],
    'The rules for secrets are listed in docs/reference/secrets.md; leave a place out with --exclude.',
  ],
  [['--branch', '--commit', '--tag'], repositories],
  [['--max-image-size'], 'Layers are read as they come, and never held whole: leave it out.'],
  [['--generate-default-config'], 'Write: temper config --all'],
  [['--vm', '--aws-region'], 'Mount the disk, and write: temper scan dir:FOLDER'],
]

export const sbom: Answers = [
  [['--scope'], layers],
  [['--file'], 'Write -o FILE.'],
  [['--source-name', '--source-version'], 'The document names its subject by itself; "merge" takes --name.'],
  [['--select-catalogers', '--catalogers', '--override-default-catalogers', '--only-package-type'], kinds],
  [['--input'], 'Name the file itself: temper sbom image.tar'],
  [['--vex'], 'Findings: temper scan sbom:FILE --vex FILE'],
  [
    ['--severity', '--exit-code', '--ignore-unfixed', '--scanners', '--fail-on'],
    'Findings: temper scan sbom:FILE',
  ],
  [['--enrich'], 'Temper lists what is in the bytes, and asks nobody: leave it out.'],
]

export const assess: Answers = [
  [['--exit-code', '--exit-level', '--fail-on', '--severity'], levels],
  [['--input'], 'Name the file itself: temper assess image.tar'],
  [
    [
      ...['-i', '--ignore-checkpoint', '-ak', '--accept-key', '-af', '--accept-file', '-ae'],
      ...['--accept-file-extension', '-sw', '--sensitive-word', '-sf', '--sensitive-file', '-se'],
      '--sensitive-file-extension',
    ],
    exceptions,
  ],
  [['--only-refresh', '--only-update', '--tag'], 'What to do first comes first: temper assess IMAGE'],
]

export const admit: Answers = [
  [['-f', '--format'], 'Write --json, or --sarif FILE.'],
  [['-o', '--output'], 'Write --sarif FILE, or send --json to a file.'],
  [
    ['--severity', '--exit-code'],
    'What breaks the Pod Security Standard is refused with exit code 1: --pod-security baseline asks less.',
  ],
  [
    ['--scanners', '--skip-dirs', '--skip-files'],
    'Name the files that are to be judged: temper admit web.yaml db.yaml',
  ],
]

/** Grype explains findings; Temper's command of that name explains recipes. */
export const explain: Answers = [
  [['--id'], 'Write: temper scan IMAGE -v, which gives the reason of each finding.'],
]
