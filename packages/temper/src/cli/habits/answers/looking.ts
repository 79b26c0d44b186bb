import type { Answers } from './answers.ts'

const named = 'All packages are compared. Leave places out with --exclude.'
const ignored = 'Ignore rules have a reason and an end: --ignore FILE (docs/reference/ignore.md).'
const unfixed = 'Write --only-fixed, or state in VEX which findings do not matter: --vex FILE.'
const never = 'A scan never fetches advisories: leave it out. "temper feeds update" does.'
const daemons = 'Write docker:NAME, podman:NAME, containerd:NAME or HOST/NAME.'
const layers = 'All layers are read: leave it out.'
const repositories = 'Clone the repository, check out the revision, and write: temper scan dir:FOLDER'
const kinds = 'All kinds of packages are listed; leave places out with --exclude.'
const exceptions =
  'A policy holds the exceptions, with who, why and until when: temper policy show hardened > policy.yaml'
const levels = 'Write: temper gate IMAGE --policy baseline, which ends with exit code 1 when it refuses.'

export const scan: Answers = [
  [['--template', '-t'], 'Write --format markdown, html or csv, or use --format json with jq.'],
  [['--input'], 'Name the file itself: temper scan image.tar'],
  [['--ignorefile'], 'Write: --ignore FILE, which reads .trivyignore and .trivyignore.yaml too.'],
  [['--ignore-policy'], ignored],
  [['--ignore-status', '--ignore-states'], unfixed],
  [['--only-notfixed', '--only-unfixed'], 'Findings without a fix have their own section: "No fix yet".'],
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
    'To see what brought in a package: temper scan TARGET -v',
  ],
  [
    ['--file-patterns'],
    'Files are recognised by the names that they have in their ecosystem; rename a copy, or scan its bill of materials.',
  ],
  [['--detection-priority'], 'Uncertainty is shown with the finding: temper scan IMAGE -v'],
  [['--exit-on-eol'], 'Write --fail-on eol.'],
  [['--only-severity'], 'Write --severity LEVEL.'],
  [
    ['--epss', '--epss-score', '--epss-date', '--epss-percentile'],
    'EPSS is shown with each finding. To fail on it: --fail-on epss>0.5',
  ],
  [
    ['--only-cisa-kev', '--only-kev'],
    'Exploited vulnerabilities are marked KEV and come first. To fail on them: --fail-on kev',
  ],
  [['--only-base', '--ignore-base', '--only-stage'], layers],
  [['--only-cve-id'], 'Use --json: temper scan IMAGE --json | jq ".findings[] | select(.id == \\"CVE-…\\")"'],
  [['--only-vex-affected', '--vex-location', '--vex-author'], 'Write --vex FILE.'],
  [
    ['--ignore-suppressed', '--only-metric', '--details', '--multi-stage'],
    'Write -v for all that is known of each finding.',
  ],
  [
    ['--exit-on', '--to'],
    'Write --compare OLDER to see what is new and what is gone, --fail-on RULES to fail.',
  ],
  [['--ignore-unchanged'], 'With --compare only changes are shown: leave it out.'],
  [['--file'], 'Write -o FORMAT=FILE.'],
  [['--output-plugin-arg'], 'Process the output of --format json with a program of your own.'],
  [['--by-cve'], 'Findings are named by their CVE: leave it out.'],
  [['--add-cpes-if-none'], 'Temper compares packages by their names in their ecosystems: leave it out.'],
  [['--image-src', '--from'], daemons],
  [['--sbom-sources'], 'A bill of materials is used when a trusted signer has signed it: temper trust init'],
  [
    ['--license-full', '--ignored-licenses', '--license-confidence-level'],
    'Check licences with: temper sbom IMAGE --deny LICENCE',
  ],
  [['--name'], 'Results name the target as you gave it.'],
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
  [['--max-image-size'], 'Layers are streamed and never held whole: leave it out.'],
  [['--generate-default-config'], 'Write: temper config --all'],
  [['--vm', '--aws-region'], 'Mount the disk, and write: temper scan dir:FOLDER'],
]

export const sbom: Answers = [
  [['--scope'], layers],
  [['--file'], 'Write -o FILE.'],
  [['--source-name', '--source-version'], 'The document already names its subject; "merge" takes --name.'],
  [['--select-catalogers', '--catalogers', '--override-default-catalogers', '--only-package-type'], kinds],
  [['--input'], 'Name the file itself: temper sbom image.tar'],
  [['--vex'], 'Findings: temper scan sbom:FILE --vex FILE'],
  [
    ['--severity', '--exit-code', '--ignore-unfixed', '--scanners', '--fail-on'],
    'Findings: temper scan sbom:FILE',
  ],
  [['--enrich'], 'Temper lists what the bytes show, and asks no service: leave it out.'],
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
    'Pods that break the Pod Security Standard are refused with exit code 1: --pod-security baseline is less strict.',
  ],
  [['--scanners', '--skip-dirs', '--skip-files'], 'Name the files to judge: temper admit web.yaml db.yaml'],
]

/** Grype explains findings; Temper's command of that name explains recipes. */
export const explain: Answers = [
  [['--id'], 'Write: temper scan IMAGE -v, which gives the reason of each finding.'],
]
