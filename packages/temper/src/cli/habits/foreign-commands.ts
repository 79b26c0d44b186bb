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
  clean: 'temper cache prune --all',
  convert: 'temper sbom sbom:ARG --format cyclonedx-json',
  // Grype
  grype: 'temper scan ARG',
  explain: 'temper scan ARG -v',
  check: 'temper feeds',
  // Syft
  packages: 'temper sbom ARG',
  syft: 'temper sbom ARG',
  // cosign
  'verify-attestation': 'temper verify ARG --require TYPE',
  'verify-blob': 'cosign verify-blob: Temper verifies images',
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
  sync: 'temper copy FROM TO',
  // apko
  publish: 'temper build RECIPE --tag REGISTRY/NAME:TAG --push',
  'show-config': 'temper lock RECIPE -o -',
  'show-packages': 'temper lock RECIPE -o -',
  // docker
  images: 'temper ls oci:FOLDER',
  history: 'temper inspect ARG',
  scout: 'temper scan IMAGE',
  run: 'podman run IMAGE: Temper builds, scans and signs images; it runs them in "temper test" only',
}

/** What to type in place of another program's command; undefined when it is not one. */
export function foreignCommand(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'))
  const [name = '', next] = words
  const line = Object.hasOwn(lines, name) ? lines[name] : undefined
  return line?.replace('ARG', next ?? 'IMAGE')
}
