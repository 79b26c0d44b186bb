import type { Answers } from './answers.ts'

const registries = 'Name the registry in TEMPER_INSECURE_REGISTRIES or in the configuration file.'
const authorities = 'Name the certificates in SSL_CERT_FILE (docs/how-to/private-ca.md).'
const clusters =
  'Temper does not query clusters; pipe what runs there: kubectl get pods -A -o yaml | temper admit -'
const notLooked =
  'Temper checks images (temper assess IMAGE), and manifests and Compose files (temper admit FILE); it does not check Terraform, CloudFormation, Ansible or charts that are not rendered.'
const layouts = 'Name the folder as oci:DIR[:TAG], and a file as oci-archive:FILE.'
const loginFirst = 'Log in first: temper login -u NAME REGISTRY'
const noService = 'There is no service: leave it out.'

/** What other programs call options that have the same answer with every command. */
export const everywhere: Answers = [
  [['--debug', '-d', '--trace-http'], 'Write -v.'],
  [['-vv', '-vvv'], 'Write -v: there is only one level.'],
  [['--no-progress'], 'Progress goes to standard error and disappears at the end; -q turns it off.'],
  [['--log-level'], 'Write -v for more, -q for less.'],
  [['--short'], 'Only the number: temper --version'],
  [
    [
      ...[
        '--insecure',
        '--allow-insecure-registry',
        '--allow-http-registry',
        '--allow-insecure',
        '--plain-http',
      ],
      ...['--tls-verify', '--src-tls-verify', '--dest-tls-verify', '--insecure-policy'],
    ],
    registries,
  ],
  [['--cacert', '--ca-file', '--cert-dir', '--registry-cacert'], authorities],
  [
    [
      ...[
        '--registry-username',
        '--username',
        '-u',
        '--creds',
        '--src-creds',
        '--dest-creds',
        '--from-username',
      ],
      ...['--to-username', '--identity-token-stdin'],
    ],
    loginFirst,
  ],
  [
    ['--registry-password', '--password', '-p', '--from-password', '--to-password'],
    'Log in first: temper login -u NAME --password-stdin REGISTRY',
  ],
  [
    ['--authfile', '--registry-config'],
    'Name the folder of the file in DOCKER_CONFIG, or the file in REGISTRY_AUTH_FILE.',
  ],
  [['--timeout'], 'Temper waits as long as bytes arrive; limit the time with: timeout 10m temper …'],
  [['--rekor-url'], 'Write --rekor URL.'],
  [['--fulcio-url'], 'Write --fulcio URL.'],
  [['--timestamp-server-url'], 'Write --tsa URL.'],
  [
    ['--signing-config', '--use-signing-config'],
    'Name the services: --fulcio, --rekor and --tsa, or in the configuration file.',
  ],
  [['--yes', '--skip-confirmation'], 'Temper asks for no confirmation: leave it out.'],
  [['--recursive', '-r'], 'Temper takes the whole image; "temper verify --recursive" checks each platform.'],
  [['--arch'], 'Write --platform linux/ARCH.'],
  [['--oci-layout', '--oci-layout-path', '--from-oci-layout', '--to-oci-layout', '--local-image'], layouts],
  [['--sk', '--slot', '--module-path'], 'Write --key "command:PROGRAM", where PROGRAM signs with the token.'],
  [['--cache-backend', '--redis-tls', '--redis-ca'], 'The cache is a folder: --cache-dir DIR'],
  [
    ['--docker-host', '--podman-host'],
    'Name the daemon in DOCKER_HOST or CONTAINER_HOST, and the image as docker:NAME or podman:NAME.',
  ],
  [
    ['--disable-telemetry', '--skip-version-check', '--skip-check-update'],
    'Temper sends nothing anywhere and does not look for newer versions: leave it out.',
  ],
  [['--parallel', '--concurrency', '--jobs'], 'Temper already runs in parallel what it can: leave it out.'],
  [
    ['--distribution-spec', '--from-distribution-spec', '--to-distribution-spec'],
    'Temper finds out what the registry supports: leave it out.',
  ],
  [['--raw', '--pretty', '--descriptor'], 'Write: temper inspect IMAGE --json'],
  [['--template', '-t', '--go-template'], 'Use --json with jq.'],
  [
    [
      ...[
        '--misconfig-scanners',
        '--config-check',
        '--check-namespaces',
        '--config-data',
        '--config-file-schemas',
      ],
      ...['--checks-bundle-repository', '--rego-error-limit', '--trace-rego', '--raw-config-scanners'],
      ...[
        '--tf-vars',
        '--tf-exclude-downloaded-modules',
        '--helm-set',
        '--helm-set-file',
        '--helm-set-string',
      ],
      ...[
        '--helm-values',
        '--cf-params',
        '--ansible-playbook',
        '--ansible-inventory',
        '--ansible-extra-vars',
      ],
      ...['--render-cause', '--include-non-failures', '--data', '--namespaces'],
    ],
    notLooked,
  ],
  [
    [
      ...['--report', '--kubeconfig', '--include-namespaces', '--exclude-namespaces', '--exclude-namespace'],
      ...['--include-kinds', '--exclude-kinds', '--exclude-nodes', '--tolerations', '--skip-images'],
      ...['--disable-node-collector', '--k8s-version'],
    ],
    clusters,
  ],
  [['--compliance'], 'Write: temper comply IMAGE --framework cis-docker'],
  [['--image-config-scanners'], 'Write: temper assess IMAGE'],
  [['--org', '--to-env', '--registry', '--repository', '--all-images'], noService],
]
