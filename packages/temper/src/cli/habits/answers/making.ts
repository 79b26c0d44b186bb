import type { Answers } from './answers.ts'

const recipe = 'Name it in the recipe: docs/reference/recipe.md'
const platforms = 'An image for several platforms is copied whole: leave it out.'
const files =
  'Temper copies images; attach what belongs with one as a signed statement: temper attest IMAGE --type TYPE --predicate FILE --key KEY'

export const build: Answers = [
  [['--file', '-f'], 'Name the recipe itself: temper build FILE'],
  [
    ['--no-cache', '--no-cache-filter', '--pull'],
    'The same lock gives the same bytes with and without a cache; to be sure: --cache-dir $(mktemp -d)',
  ],
  [['--build-arg'], 'Write --var NAME=VALUE.'],
  [['-t'], 'Write --tag HOST/NAME:TAG.'],
  [['--load'], 'Write --tag docker-archive:FILE.tar, then: docker load -i FILE.tar'],
  [
    ['--sbom-path', '--sbom', '--provenance', '--attest'],
    'It is always attached to the image: temper evidence oci:out/NAME',
  ],
  [['--keyring-append', '-k'], 'Name the key in the recipe, beside its repository.'],
  [['--repository-append', '--build-repository-append', '-b'], 'Name the repository in the recipe.'],
  [['--package-append'], 'Name the package in the recipe.'],
  [
    ['--runner', '--empty-workspace', '--signing-key'],
    'melange builds packages; Temper builds images from packages that exist.',
  ],
  [['--format'], 'Layers are tar archives, which every registry accepts: leave it out.'],
  [['--annotations', '--label', '--entrypoint', '--target', '--secret', '--ssh'], recipe],
  [['--lockfile'], 'Write --lock FILE.'],
  [['--arch'], 'Write --platform linux/ARCH.'],
]

export const test: Answers = [
  [
    ['--source-dir', '--keyring-append', '--runner', '--repository-append'],
    'melange tests packages; Temper tests what a recipe says under test.',
  ],
  [['--driver', '--image'], 'Tests are part of the recipe: docs/how-to/test-a-recipe.md'],
]

export const copy: Answers = [
  [['--all-tags', '-a'], 'Copy the tags one by one: temper ls --json FROM | jq -r .tags[].tag'],
  [['--multi-arch', '--all', '--platform', '--preserve-digests'], platforms],
  [
    ['--encryption-key', '--decryption-key', '--encrypt-layer'],
    'Layers stay as they are, because their digests are signed; let the registry or the disk encrypt.',
  ],
  [
    ['--sign-by', '--sign-by-sigstore', '--sign-by-sigstore-private-key'],
    'Sign what was copied: temper sign TO --key KEY',
  ],
  [
    ['--only', '--sign-container-identity'],
    'Everything attached is copied too; --evidence none leaves it behind.',
  ],
  [['--format', '--dest-compress', '--dest-compress-format'], 'Bytes are copied as they are: leave it out.'],
]

export const bundle: Answers = [
  [
    ['--artifact', '--attestation', '--certificate', '--signature'],
    'Signatures and statements come with the image: temper bundle IMAGE -o FILE',
  ],
  [['--out'], 'Write -o FILE.'],
]

const service =
  'That belongs to a service; to keep an image with everything attached to it: temper pull IMAGE oci-archive:FILE.tar'

export const backup: Answers = [[['--include-referrers', '--output'], service]]

export const restore: Answers = [[['--dry-run', '--exclude-referrers', '--input'], service]]

export const pull: Answers = [
  ...copy.map(([options, answer]) => [options.filter((option) => option !== '--format'), answer] as const),
  [['--include-subject'], 'Everything attached is copied too: leave it out.'],
  [['-o', '--output'], 'Name the destination: temper pull IMAGE FOLDER'],
  [
    ['--artifact-type', '--format'],
    'Temper pulls images; to see what is attached to one: temper evidence IMAGE',
  ],
]

export const push: Answers = [
  [
    [
      ...['--artifact-type', '--artifact-platform', '--annotation', '--annotation-file', '--export-manifest'],
      ...['--image-spec', '--format', '--media-type'],
    ],
    files,
  ],
  [['--all-tags', '-a'], 'Name each of them: temper push FOLDER HOST/NAME:1 HOST/NAME:2'],
  [['--image-refs', '--index'], 'Write --json, which gives the digest.'],
]

export const inspect: Answers = [
  [['--format', '-f'], 'Use --json: temper inspect IMAGE --json | jq .digest'],
  [['--no-tags'], 'Tags are not listed; "temper ls REPOSITORY" does: leave it out.'],
  [['--manifest-digest'], 'Digests are sha256: leave it out.'],
  [['--size'], 'Sizes are shown: leave it out.'],
]

export const login: Answers = [
  [
    ['-p', '--password', '--identity-token'],
    'Others on this machine can read a password in a command line: write --password-stdin, or neither, and Temper asks for it.',
  ],
  [['--get-login', '-v'], 'Write: temper config'],
]

export const logout: Answers = [[['--all', '-a'], 'Name each registry: temper logout HOST']]

export const ls: Answers = [
  [
    ['-O', '--omit-digest-tags', '--exclude-digest-tags', '--full-ref', '--last'],
    'Write: temper ls REPOSITORY --json | jq -r .tags[].tag',
  ],
]

export const cache: Answers = [
  [['--sboms', '--scan-cache', '--vuln-db', '--java-db', '--force', '-f'], 'Write: temper cache prune --all'],
]

export const version: Answers = [
  [['--format', '-f', '-o', '--output', '--client'], 'Write: temper version --json'],
]

export const config: Answers = [
  [
    ['-f', '--format', '--severity', '--skip-dirs', '--skip-files', '--exit-code', '-o', '--output'],
    '"temper config" shows settings. To judge manifests and Compose files: temper admit FILE',
  ],
]
