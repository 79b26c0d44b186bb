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
  secrets: [],
  vulnerabilities: [],
  exploited: [],
  deadlines: [],
  malware: [],
  support: [],
  signature: [],
  provenance: [],
  sbom: [],
  vex: [],
  /** Every file is a package's, with its bytes. */
  owned: [],
  crypto: ['weak-tls'],
  certificates: [],
  fips: [],
  binaries: ['executable-stack'],
  pie: [],
} as const satisfies Readonly<Record<string, readonly string[]>>
