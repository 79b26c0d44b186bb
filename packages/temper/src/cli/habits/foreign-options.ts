import { ownMember } from '../../base/own-member.ts'

/** Options of other programs that Temper has under another name, or has another way for; by command. */
const everywhere: Readonly<Record<string, string>> = {
  '--debug': 'Write -v.',
  '--no-progress': 'Progress goes to standard error and is gone at the end; -q leaves it out.',
  '--log-level': 'Write -v for more, -q for less.',
  '--insecure': 'Name the registry in TEMPER_INSECURE_REGISTRIES or in the configuration file.',
  '--allow-insecure-registry':
    'Name the registry in TEMPER_INSECURE_REGISTRIES or in the configuration file.',
  '--allow-http-registry': 'Name the registry in TEMPER_INSECURE_REGISTRIES or in the configuration file.',
  '--allow-insecure': 'Name the registry in TEMPER_INSECURE_REGISTRIES or in the configuration file.',
  '--registry-username': 'Log in first: temper login -u NAME REGISTRY',
  '--registry-password': 'Log in first: temper login -u NAME --password-stdin REGISTRY',
  '--username': 'Log in first: temper login -u NAME REGISTRY',
  '--password': 'Log in first: temper login -u NAME --password-stdin REGISTRY',
  '--timeout': 'Temper waits as long as bytes come; end it with: timeout 10m temper …',
  '--rekor-url': 'Write --rekor URL.',
  '--fulcio-url': 'Write --fulcio URL.',
  '--timestamp-server-url': 'Write --tsa URL.',
  '--yes': 'Temper asks nothing: leave it out.',
  '--recursive': 'Temper signs the whole image; "temper verify --recursive" asks for each platform.',
  '--arch': 'Write --platform linux/ARCH.',
}

const byCommand: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scan: {
    '--input': 'Name the file itself: temper scan image.tar',
    '--ignorefile':
      'Rules of what to ignore have a reason and an end: --ignore FILE (docs/reference/ignore.md).',
    '--ignore-policy':
      'Rules of what to ignore have a reason and an end: --ignore FILE (docs/reference/ignore.md).',
    '--ignore-status': 'Write --only-fixed, or state in VEX what does not matter: --vex FILE.',
    '--ignore-states': 'Write --only-fixed, or state in VEX what does not matter: --vex FILE.',
    '--only-notfixed': 'Findings without a fix are a section of their own: "No fix yet".',
    '--list-all-pkgs': 'temper sbom IMAGE lists all packages.',
    '--skip-db-update': 'A scan never fetches advisories: leave it out. "temper feeds update" does.',
    '--skip-java-db-update': 'A scan never fetches anything but the image: leave it out.',
    '--skip-update': 'A scan never fetches advisories: leave it out. "temper feeds update" does.',
    '--download-db-only': 'Write: temper feeds update',
    '--reset': 'Write: temper cache prune --all',
    '--db-repository': 'Name other sources of advisories in the configuration file, under feeds.',
    '--offline-scan': 'Write --offline. A scan of a local image uses no network anyway.',
    '--pkg-types': 'All packages are compared. Leave places out with --exclude.',
    '--vuln-type': 'All packages are compared. Leave places out with --exclude.',
    '--exit-on-eol': 'Write --fail-on eol.',
    '--template': 'Write --format with one of the formats, or take --json apart with jq.',
    '--file': 'Write -o FORMAT=FILE.',
    '--by-cve': 'Findings have the name of their CVE: leave it out.',
    '--add-cpes-if-none': 'Temper compares packages by their names in their ecosystems: leave it out.',
    '--image-src': 'Write docker:NAME, podman:NAME, containerd:NAME or HOST/NAME.',
    '--from': 'Write docker:NAME, podman:NAME, containerd:NAME or HOST/NAME.',
    '--sbom-sources': 'A bill of materials that somebody trusted has signed is used: temper trust init',
    '--license-full': 'Check licences with: temper sbom IMAGE --deny LICENCE',
    '--name': 'Results name the target as it was given.',
    '--scope': 'All layers are read: leave it out.',
    '--clear-cache': 'Write: temper cache prune --all',
    '--server': 'Temper compares on this machine; carry advisories with: temper feeds export FILE',
    '--config-check': 'Temper scans no configuration.',
  },
  sbom: {
    '--scope': 'All layers are read: leave it out.',
    '--file': 'Write -o FILE.',
    '--source-name': 'The document names what it is of by itself; "merge" takes --name.',
    '--select-catalogers': 'All kinds of packages are listed; leave places out with --exclude.',
    '--catalogers': 'All kinds of packages are listed; leave places out with --exclude.',
    '--input': 'Name the file itself: temper sbom image.tar',
  },
  verify: {
    '--type': 'Write --require TYPE.',
    '--policy': 'A trust file says whom to believe about which image: temper trust init',
    '--insecure-ignore-tlog': 'A signature with a key needs no log: leave it out.',
    '--private-infrastructure': 'A signature with a key needs no log: leave it out.',
    '--offline': 'Write --trusted-root FILE; then nothing is fetched.',
    '--certificate-github-workflow-repository':
      'Write --identity https://github.com/OWNER/REPO/.github/workflows/FILE@REF.',
    '--certificate-chain': 'Write --trusted-root FILE.',
    '--new-bundle-format': 'Both formats are read: leave it out.',
  },
  sign: {
    '--tlog-upload': 'A signature with a key enters no log: leave it out.',
    '--upload': 'The signature is attached to the image: leave it out.',
    '--annotations': 'State more with: temper attest --type custom --predicate FILE',
    '--new-bundle-format': 'That is the format; the older one is --older-scheme.',
  },
  attest: { '--replace': 'Statements are added, the youngest counts: leave it out.' },
  build: {
    '--file': 'Name the recipe itself: temper build FILE',
    '--no-cache':
      'The same lock gives the same bytes with and without a cache; to be sure: --cache-dir $(mktemp -d)',
    '--build-arg': 'Write --var NAME=VALUE.',
    '--sbom-path': 'Bills of materials are attached to the image: temper sbom oci:out/NAME',
    '--keyring-append': 'Name the key in the recipe, beside its repository.',
    '--repository-append': 'Name the repository in the recipe.',
  },
  copy: {
    '--all-tags': 'Copy the tags one by one: temper ls --json FROM | jq -r .tags[].tag',
    '--multi-arch': 'An image for several platforms is copied whole: leave it out.',
    '--all': 'An image for several platforms is copied whole: leave it out.',
  },
}

/** What to write in place of another program's option; undefined when it is not one. */
export function foreignOption(command: string | undefined, option: string): string | undefined {
  const name = option.replace(/=.*$/s, '')
  for (const table of [ownMember(byCommand, command ?? ''), everywhere])
    if (table !== undefined && Object.hasOwn(table, name)) return table[name]
  return undefined
}
