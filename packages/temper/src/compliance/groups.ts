/**
 * Rules that are evidence for the same things, by their ids: controls name groups, so that a further rule has to be
 * entered once. A test holds every id against the rules that there are.
 */
export const groups = {
  /** Programs that help whoever gets in. */
  tools: ['editor', 'interpreter', 'network-tool', 'privilege-tool'],
  daemons: ['network-daemon', 'remote-login', 'scheduler', 'service-manager', 'ssh-server'],
  configuration: [
    ...['code-variable', 'development-mode', 'login-port', 'preloaded-library'],
    ...['privileged-group', 'remote-debugging', 'root-group', 'search-path', 'writable-program'],
  ],
  healthcheck: ['healthcheck'],
  secrets: [
    'build-argument',
    'credential-file',
    'environment-file',
    'host-key',
    'private-key-file',
    'secret-in-configuration',
    'secret-in-file',
    'secret-in-history',
    'secret-in-lower-layer',
    'shell-history',
    'version-control',
  ],
  vulnerabilities: [
    'critical-vulnerability',
    'fixable-vulnerability',
    'known-exploited',
    'not-compared',
    'old-advisories',
    'partly-compared',
  ],
  exploited: ['known-exploited'],
  deadlines: ['overdue-fix'],
  malware: ['malicious-package'],
  support: ['end-of-life', 'old-runtime'],
  signature: ['unsigned'],
  provenance: ['builder-unknown', 'provenance-attached', 'unpinned-base', 'unpinned-material'],
  sbom: ['sbom-attached', 'sbom-differs', 'sbom-files'],
  vex: ['vex-attached'],
  /** Every file is a package's, with its bytes. */
  owned: ['deleted-package-database', 'unowned-program'],
  crypto: ['crypto-policy', 'java-security', 'legacy-provider', 'openssl-protocols', 'weak-tls'],
  certificates: ['added-certificate', 'expired-certificate', 'unreadable-certificate', 'weak-certificate'],
  fips: ['fips'],
  binaries: ['executable-stack', 'library-path', 'stack-protector', 'writable-code', 'writable-relocations'],
  pie: ['fixed-address'],
} as const satisfies Readonly<Record<string, readonly string[]>>
