import type { Answers } from './answers.ts'

const chains = 'Write --trusted-root FILE.'
const whole =
  'Temper signs the manifest as it is: state more with temper attest --type custom --predicate FILE.'
const upload = 'Signatures and statements are attached to the image: leave it out.'
const certificates =
  'Certificates come with --keyless; your own key is trusted by its public half: --key FILE.pub'

export const verify: Answers = [
  [['--type'], 'Write --require TYPE.'],
  [['--policy'], 'A trust file says whom to trust about which image: temper trust init'],
  [
    ['--insecure-ignore-tlog', '--private-infrastructure', '--insecure-ignore-sct'],
    'A signature with a key needs no log: leave it out.',
  ],
  [
    [
      ...['--certificate-github-workflow-repository', '--certificate-github-workflow-ref'],
      ...['--certificate-github-workflow-name', '--certificate-github-workflow-sha'],
    ],
    'Write --identity https://github.com/OWNER/REPO/.github/workflows/FILE@REF.',
  ],
  [['--certificate-chain', '--ca-roots', '--ca-intermediates', '--certificate', '--cert', '--root'], chains],
  [['--new-bundle-format', '--use-signed-timestamps'], 'Both formats are read: leave it out.'],
  [['--check-claims'], 'A signature always counts only for the image that it names: leave it out.'],
  [['-a', '--annotations'], 'Require a statement that says so: --require TYPE'],
  [['--output', '-o'], 'Write --json.'],
  [
    ['--signature', '--payload'],
    'Signatures are found at the image; copy them along with: temper copy FROM TO',
  ],
]

export const sign: Answers = [
  [['--tlog-upload'], 'Signatures with a key are not entered into a log: leave it out.'],
  [['--upload', '--no-upload', '--bundle', '--output-signature', '--output-certificate'], upload],
  [['-a', '--annotations'], whole],
  [['--new-bundle-format'], 'That is the format; the older one is --older-scheme.'],
  [['--cert', '--cert-chain', '--certificate', '--certificate-chain'], certificates],
  [
    ['--record-creation-timestamp'],
    'Signatures record when they were made: leave it out, or have the time proved with --timestamp.',
  ],
  [
    ['--oidc-issuer', '--oidc-provider', '--oidc-client-id'],
    'Write --identity-token FILE, or leave it out in a pipeline.',
  ],
  [['--sign-container-identity'], 'Write --as NAME.'],
]

export const attest: Answers = [
  [['--replace'], 'Statements are added, and the newest counts: leave it out.'],
  [['--statement'], 'Write --type TYPE --predicate FILE, with the predicate of the statement alone.'],
  [
    ['-o', '--output'],
    'Write the bill of materials, then attest it: temper sbom IMAGE -o FILE, temper attest IMAGE --type spdxjson --predicate FILE --key KEY',
  ],
  ...sign,
]
