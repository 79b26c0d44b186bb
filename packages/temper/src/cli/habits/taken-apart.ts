/** A command line of another program: what it names, and its options. */
export interface TakenApart {
  readonly words: readonly string[]
  readonly options: readonly { readonly name: string; readonly value?: string }[]
}

/** Short options that take a word. */
const valuedLetters = /^-(?:[acfiopstu]|a[kfe]|s[wfe])$/

/** Long options that take a word, of any of the programs. */
const valued = new Set(
  `add annotation annotation-file ansible-extra-vars ansible-inventory ansible-playbook append-suffix arch artifact
  artifact-platform artifact-type authfile aws-region branch bundle cacert cache-backend cache-dir ca-roots
  ca-intermediates cert cert-chain cert-dir certificate certificate-chain certificate-identity
  certificate-identity-regexp certificate-oidc-issuer certificate-oidc-issuer-regexp cf-params check-namespaces
  checks-bundle-repository commit compliance concurrency config config-check config-data creds data db-repository
  decryption-key depth epss-date epss-score only-package-type dest-creds from-distribution-spec to-distribution-spec detection-priority dir distribution-spec distro docker-host encryption-key
  entrypoint exclude exclude-kinds exclude-nodes exit-code exit-level exit-on exit-on-eol fail-on file file-patterns
  format fulcio-url helm-set helm-values id identity-token ignore-policy ignore-status ignored-licenses ignorefile
  image-config-scanners image-spec image-src include-namespaces input java-db-repository key keyring-append kms
  kubeconfig last license-confidence-level list-all-pkgs local-image log-level max-image-size media-type
  misconfig-scanners name namespaces new_base oci-layout-path old_base only-severity org output output-key-prefix
  override-default-catalogers parallel password pkg-relationships pkg-types platform podman-host policy predicate
  rego-error-limit registry rekor-url report repository repository-append runner scanners scope secret-config
  select-catalogers server severity sign-by signature signing-config skip-dirs skip-files source-name sbom-sources
  src-creds tag template tf-vars timeout timestamp-server-url tls-verify to to-env token tolerations trusted-root
  type username vex vuln-type`
    .split(/\s+/)
    .map((name) => `--${name}`),
)

/** Takes a command line apart as its own program would, by the options that take a word there. */
export function takenApart(args: readonly string[]): TakenApart {
  const words: string[] = []
  const options: { name: string; value?: string }[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg)
      continue
    }
    if (arg === '--') return { words: [...words, ...args.slice(at + 1)], options }
    const equals = arg.indexOf('=')
    const next = args[at + 1]
    if (equals > 0) options.push({ name: arg.slice(0, equals), value: arg.slice(equals + 1) })
    else if ((valuedLetters.test(arg) || valued.has(arg)) && next !== undefined && !next.startsWith('-')) {
      options.push({ name: arg, value: next })
      at += 1
    } else options.push({ name: arg })
  }
  return { words, options }
}
