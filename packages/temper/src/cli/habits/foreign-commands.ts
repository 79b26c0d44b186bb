/**
 * Commands of Trivy, Grype, Syft, cosign, crane, apko, docker and skopeo, each with what to type instead. `ARG` stands
 * for what followed the command. docs/how-to/from-other-tools.md has the whole table.
 */
const lines: Readonly<Record<string, string>> = {
  // Trivy
  image: 'temper scan ARG',
  i: 'temper scan ARG',
  fs: 'temper scan dir:ARG',
  filesystem: 'temper scan dir:ARG',
  rootfs: 'temper scan dir:ARG',
  repo: 'temper scan dir:FOLDER, after cloning the repository',
  repository: 'temper scan dir:FOLDER, after cloning the repository',
  db: 'temper feeds update',
  'db import': 'temper feeds import ARG',
  'db list': 'temper feeds',
  'db status': 'temper feeds',
  'db check': 'temper feeds',
  'db providers': 'temper feeds',
  'db delete': 'temper feeds remove FEED; "temper feeds" lists them',
  k8s: 'kubectl get pods -A -o yaml | temper admit -',
  kubernetes: 'kubectl get pods -A -o yaml | temper admit -',
  conf: 'temper admit FILE, for manifests of Kubernetes and Compose files',
  conftest: 'temper admit FILE, for manifests of Kubernetes and Compose files',
  vm: 'temper scan dir:FOLDER, after mounting the disk',
  server: 'temper feeds export FILE, and carry advisories: every scan compares where it runs',
  client: 'temper scan IMAGE: every scan compares where it runs',
  plugin: 'temper help: there are no plug-ins',
  clean: 'temper cache prune --all',
  convert: 'temper sbom sbom:ARG --format cyclonedx-json',
  // Grype
  grype: 'temper scan ARG',
  explain: 'temper scan IMAGE -v, which gives the reason of each finding',
  check: 'temper feeds',
  // Syft
  packages: 'temper sbom ARG',
  syft: 'temper sbom ARG',
  cataloger: 'temper inspect IMAGE, which shows what each package was found by with --json',
  // cosign
  'verify-attestation': 'temper verify ARG --require TYPE',
  'verify-blob': 'cosign verify-blob: Temper verifies images',
  'sign-blob': 'cosign sign-blob: Temper signs images',
  'attest-blob': 'cosign attest-blob: Temper signs statements about images',
  'public-key': 'cosign public-key --key KEY; "temper keys generate" writes both files',
  'import-key-pair': 'cosign import-key-pair --key KEY: Temper signs with the file that it writes',
  'generate-key-pair': 'temper keys generate -o cosign',
  'generate-key': 'temper keys generate -o cosign',
  tree: 'temper evidence ARG',
  triangulate: 'temper evidence ARG',
  download: 'temper evidence REF; its bill of materials with: temper sbom REF --from attached',
  attach: 'temper attest REF --type TYPE --predicate FILE --key KEY',
  initialize: 'temper trust root -o trusted_root.json',
  // crane, skopeo, oras, regctl
  cp: 'temper copy ARG',
  catalog: 'temper ls HOST/NAME, for each repository',
  digest: 'temper inspect ARG --json | jq -r .digest',
  manifest: 'temper inspect ARG --json',
  config: 'temper inspect ARG --json',
  export: 'temper pull ARG oci-archive:image.tar',
  save: 'temper pull ARG docker-archive:image.tar',
  load: 'docker load -i FILE: Temper reads the file itself, temper scan FILE',
  tag: 'temper copy REF REF:NEWTAG',
  validate: 'temper inspect ARG',
  'list-tags': 'temper ls ARG',
  discover: 'temper evidence ARG',
  blob: 'crane blob ARG: Temper shows what layers hold, temper inspect IMAGE',
  append: 'temper build RECIPE, with the files under contents.files',
  mutate: 'temper build RECIPE, with what the image says under environment, entrypoint and labels',
  flatten: 'temper build RECIPE, which makes few layers from the start',
  rebase: 'temper lock RECIPE --update, then temper build RECIPE',
  delete: 'crane delete ARG: Temper deletes nothing from registries',
  sync: 'temper copy FROM TO',
  // apko
  publish: 'temper build RECIPE --tag REGISTRY/NAME:TAG --push',
  'show-config': 'temper lock RECIPE -o -',
  'show-packages': 'temper lock RECIPE -o -',
  'build-minirootfs': 'temper build RECIPE --tag oci-archive:FILE.tar',
  // docker
  images: 'temper ls oci:FOLDER',
  history: 'temper inspect ARG',
  scout: 'temper scan ARG',
  cves: 'temper scan ARG',
  rmi: 'docker rmi ARG: layouts are folders, rm -r does it',
  run: 'podman run IMAGE: Temper builds, scans and signs images; it runs them in "temper test" only',
}

/** Options of these programs that take a word: it is not what the command is about. */
const valued =
  /^(?:-[cfiostu]|--(?:cache-dir|certificate-[a-z-]+|compliance|config|db-repository|exit-code|file|format|id|ignore-policy|ignorefile|ignore-status|input|java-db-repository|key|log-level|output|parallel|password|pkg-types|platform|predicate|scanners|scope|server|severity|skip-dirs|skip-files|template|timeout|token|type|username|vex|vuln-type))$/

/** Targets by scheme: `grype dir:.`, `syft registry:nginx`. */
const target =
  /^(?:dir|file|registry|docker|podman|containerd|oci|oci-dir|oci-archive|docker-archive|sbom|pkg|purl|lock):\S/

/** What to type in place of another program's command; undefined when it is not one. */
export function foreignCommand(args: readonly string[]): string | undefined {
  const words = args.filter((arg, index) => !arg.startsWith('-') && !valued.test(args[index - 1] ?? ''))
  const [name = '', next] = words
  if (target.test(name)) return `temper scan ${name}`
  const two = `${name} ${next ?? ''}`
  if (Object.hasOwn(lines, two)) return lines[two]?.replace('ARG', words[2] ?? 'FILE')
  const line = Object.hasOwn(lines, name) ? lines[name] : undefined
  // "trivy image --input x.tar" and "docker scout cves IMAGE" have it elsewhere.
  const input = args[args.indexOf('--input') + 1]
  const about = name === 'scout' ? words[2] : args.includes('--input') ? input : next
  return line?.replace('ARG', about ?? 'IMAGE')
}
