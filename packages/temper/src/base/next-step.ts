/**
 * What can be done about an error, as an action and its subject. Each surface shows it in its own words: the command
 * line names an option or a command, a page has a button. The set is closed, so that a surface that knows all of it
 * is never without words.
 */
export type NextStep =
  // Feeds of advisories.
  | { readonly action: 'update-feeds' }
  | { readonly action: 'import-feeds' }
  /** From a machine that reaches their publishers. */
  | { readonly action: 'carry-feeds' }
  | { readonly action: 'accept-smaller-feed' }
  // The surroundings.
  | { readonly action: 'go-online' }
  /** `all` also removes what is still useful. */
  | { readonly action: 'prune-cache'; readonly all?: true }
  | { readonly action: 'choose-cache' }
  | { readonly action: 'set-mirror' }
  | { readonly action: 'choose-runtime' }
  | { readonly action: 'choose-output' }
  // Recipes, locks, builds.
  /** The recipe and the lock's file as the person named them; absent when they were not known where the error arose. */
  | { readonly action: 'make-lock'; readonly recipe?: string; readonly file?: string }
  | { readonly action: 'read-schema'; readonly of: 'recipe' | 'ignore-rules' | 'policy' }
  | { readonly action: 'list-policies' }
  | { readonly action: 'allow-unmodelled' }
  | { readonly action: 'list-left-out' }
  | { readonly action: 'name-registry' }
  // Registries and images.
  | { readonly action: 'log-in' }
  /** The available platforms, such as "linux/amd64"; absent when the message names them. */
  | { readonly action: 'choose-platform'; readonly platforms?: readonly string[] }
  | { readonly action: 'take-any-platform' }
  | { readonly action: 'inspect-image' }
  | { readonly action: 'publish-without-evidence' }
  | { readonly action: 'read-layers' }
  | { readonly action: 'choose-format' }
  // Statements about vulnerabilities.
  | { readonly action: 'check-statements'; readonly file: string }
  // Signatures and trust.
  | { readonly action: 'generate-keys' }
  | { readonly action: 'give-key-password' }
  | { readonly action: 'sign-with-key' }
  | { readonly action: 'write-bundles' }
  | { readonly action: 'name-trusted' }
  | { readonly action: 'make-trust-file' }
  | { readonly action: 'change-trust-file' }
  | { readonly action: 'add-trust-rule' }
  | { readonly action: 'name-image' }
  | { readonly action: 'get-trusted-root' }
  | { readonly action: 'name-trusted-root' }

/** The sentence of a surface for each action. */
export type StepWords = {
  readonly [Action in NextStep['action']]: (step: Extract<NextStep, { readonly action: Action }>) => string
}

/** A step in the words of a surface. */
export function sayStep(step: NextStep, words: StepWords): string {
  // Each action has the words for its own step.
  const say = words[step.action] as (step: NextStep) => string
  return say(step)
}

/** In words that fit any surface. */
export const plainWords: StepWords = {
  'update-feeds': () => 'Fetch advisories, or import them from files.',
  'import-feeds': () => 'Import them from files.',
  'carry-feeds': () => 'Carry them here as a file, from a machine that can reach them.',
  'accept-smaller-feed': () => 'Accept the smaller feed if it is meant to be smaller.',
  'go-online': () => 'Run it once with a network, or with a filled cache.',
  'prune-cache': ({ all }) => (all ? 'Empty the cache and try again.' : 'Prune the cache and try again.'),
  'choose-cache': () => 'Use another folder for the cache.',
  'set-mirror': () => 'Set a mirror that has it.',
  'choose-runtime': () => 'Choose another container runtime.',
  'choose-output': () => 'Choose another place to write to.',
  'make-lock': () => 'Make the lock again.',
  'read-schema': () => 'Its JSON Schema says what it may contain.',
  'list-policies': () => 'Choose a packaged one, or give the path of a file.',
  'allow-unmodelled': () => 'Allow the unmodelled effects once you have read them.',
  'list-left-out': () => 'The result of the build lists how many were left out.',
  'name-registry': () => 'Name a registry to publish to, or give the recipe its "image".',
  'log-in': () => 'Log in to the registry.',
  'choose-platform': ({ platforms }) =>
    platforms === undefined ? 'Choose one of them.' : `Choose one of ${platforms.join(', ')}.`,
  'take-any-platform': () => 'Ask for no platform.',
  'inspect-image': () => 'Inspect the image first.',
  'publish-without-evidence': () => 'Publish the image without the evidence that the registry refuses.',
  'read-layers': () => 'Read the layers instead.',
  'choose-format': () => 'Choose another format.',
  'check-statements': ({ file }) => `Check ${file} again.`,
  'generate-keys': () => 'Make a pair of keys.',
  'give-key-password': () => 'Give the password of the key.',
  'sign-with-key': () => 'Sign with a key, or with a network.',
  'write-bundles': () => 'Write Sigstore bundles.',
  'name-trusted': () => 'Name a key, an identity with its issuer, or a trust file.',
  'make-trust-file': () => 'Make a trust file.',
  'change-trust-file': () => 'Add keys, identities and rules to it.',
  'add-trust-rule': () => 'Add a rule for the image to the trust file.',
  'name-image': () => 'Give the name of the image: HOST/REPOSITORY:TAG.',
  'get-trusted-root': () => 'Get the trusted root of the public good instance.',
  'name-trusted-root': () => 'Name a trusted root; then nothing is fetched.',
}
