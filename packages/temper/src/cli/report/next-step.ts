import type { StepWords } from '../../base/next-step.ts'

/** Next steps as options and commands of this program. */
export const commandLineWords: StepWords = {
  'update-feeds': () =>
    'Fetch them with "temper feeds update", or import them from files with "temper feeds import".',
  'import-feeds': () => 'Import them from files: temper feeds import FILE…',
  'carry-feeds': () =>
    'On a machine that can reach them, run "temper feeds update" and "temper feeds export feeds.index"; here use that file with "temper scan TARGET --feeds feeds.index", or set a mirror or proxy (docs/how-to/feeds.md).',
  'accept-smaller-feed': () => 'To accept it anyway: --accept-smaller.',
  'go-online': () =>
    'Run the same command once without --offline, or point TEMPER_CACHE_DIR at a filled cache.',
  'prune-cache': ({ all }) => `Run "temper cache prune${all ? ' --all' : ''}" and try again.`,
  'choose-cache': () => 'Use another one: --cache-dir or TEMPER_CACHE_DIR.',
  'set-mirror': () =>
    'Set one in the configuration file or with TEMPER_DEBIAN_MIRROR, TEMPER_ALPINE_MIRROR or TEMPER_WOLFI_MIRROR.',
  'choose-runtime': () => 'Choose another runtime with --runtime.',
  'choose-output': () => 'Choose another with -o.',
  'make-lock': ({ recipe = 'TARGET', file }) =>
    file === undefined && recipe !== 'TARGET'
      ? `Make it: temper lock ${recipe}`
      : `Make it: temper lock ${recipe} -o ${file ?? 'FILE'}`,
  'read-schema': ({ of }) =>
    of === 'recipe'
      ? '"temper schema" prints its JSON Schema for editors.'
      : `"temper schema ${of === 'policy' ? 'policy' : 'ignore'}" prints its JSON Schema.`,
  'list-policies': () => 'Name a file, or one of those that "temper policy list" shows.',
  'allow-unmodelled': () => 'Build without --strict once you have read them.',
  'list-left-out': () => '"temper build --verbose" lists what was left out.',
  'name-registry': () =>
    'Name a registry with --tag registry.example/team/NAME:TAG, or give the recipe its "image".',
  'log-in': () => 'Log in with temper login; docker login and podman login work as well.',
  'choose-platform': ({ platforms }) =>
    platforms?.[0] === undefined
      ? 'Choose one with --platform.'
      : `Choose one with --platform ${platforms[0]}.`,
  'take-any-platform': () => 'Leave --platform out.',
  'publish-without-evidence': () =>
    'The image itself was pushed, without a tag. To publish it without the evidence that the registry refuses: --evidence try',
  'inspect-image': () => 'Look at it with "temper inspect" first.',
  'read-layers': () => 'Leave out --from: then it is made from the layers.',
  'choose-format': () => 'Choose another --format.',
  'check-statements': ({ file }) => `Check it again: temper vex validate ${file}`,
  'generate-keys': () => 'Make a key pair: temper keys generate',
  'give-key-password': () => 'Give the password in TEMPER_KEY_PASSWORD or COSIGN_PASSWORD.',
  'sign-with-key': () => 'Sign with a key (temper keys generate), or without --offline.',
  'write-bundles': () => 'Leave out --older-scheme, or sign with a key alone.',
  'name-trusted': () =>
    'Name a key (--key cosign.pub), an identity (--identity … --issuer …) or a trust file (--trust FILE).',
  'make-trust-file': () => 'Make one with: temper trust init',
  'change-trust-file': () =>
    'Change it with temper trust add-key, add-identity and add-rule, or in an editor.',
  'add-trust-rule': () => 'Add one: temper trust add-rule',
  'name-image': () => 'Give its name with --as HOST/REPOSITORY:TAG.',
  'get-trusted-root': () =>
    'Get the root of the public good instance with: temper trust root -o trusted_root.json',
  'name-trusted-root': () => 'Name one with --trusted-root; then nothing is fetched.',
}
