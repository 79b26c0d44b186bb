/**
 * Every error code that Temper can report, with the kind that decides the exit code
 * (refused 1, input 2, environment 3, internal 70). Codes are stable: scripts depend on them.
 * docs/reference/errors.md is generated from this table.
 */
export const errorCodes = {
  'bad-usage': { kind: 'input', title: 'What was asked for is wrong, or its parts do not fit together' },
  'bad-recipe': { kind: 'input', title: 'The recipe does not say something valid' },
  'recipe-not-found': { kind: 'input', title: 'No recipe has this name or path' },
  'bad-lock': { kind: 'input', title: 'The lock file is damaged, or does not belong to the recipe' },
  'bad-reference': { kind: 'input', title: 'An image reference is malformed' },
  'bad-archive': { kind: 'input', title: 'A package archive is damaged or not what it claims to be' },
  'bad-index': { kind: 'input', title: 'A package index is damaged' },
  'bad-image': { kind: 'input', title: 'An image, manifest or layer is damaged or not supported' },
  'bad-configuration': { kind: 'input', title: 'The configuration file or an environment variable is wrong' },
  'bad-sbom': {
    kind: 'input',
    title: 'A bill of materials is damaged, or in a format that Temper cannot read',
  },
  'bad-attestation': { kind: 'input', title: 'A signature, attestation or predicate is malformed' },
  'bad-key': { kind: 'input', title: 'A key is damaged or not supported, or its password is wrong' },
  'bad-trust': { kind: 'input', title: 'The trust file or a trusted root is wrong' },
  'bad-manifest': { kind: 'input', title: 'A manifest of Kubernetes or a Compose file is malformed' },
  'bad-vex': { kind: 'input', title: 'A VEX document or statement is malformed' },
  'bad-policy': { kind: 'input', title: 'A policy file is wrong, or extends one that does not exist' },
  'limit-exceeded': { kind: 'input', title: 'Something read from outside is larger or deeper than allowed' },
  'digest-mismatch': { kind: 'environment', title: 'Bytes do not have the digest or size that was promised' },
  'signature-invalid': {
    kind: 'environment',
    title: 'A signature is missing, wrong, or made by an unknown key',
  },
  'not-verified': { kind: 'refused', title: 'No trusted key vouches for what was asked for' },
  'release-expired': { kind: 'environment', title: 'A Release file has expired or is not yet valid' },
  'release-rollback': { kind: 'environment', title: 'A suite is older than a version already seen' },
  'package-not-found': { kind: 'input', title: 'No repository has the package that was asked for' },
  unsatisfiable: { kind: 'input', title: 'The packages asked for cannot be installed together' },
  'unmodelled-effect': {
    kind: 'refused',
    title: 'A maintainer script does something that Temper does not model, and that was not allowed',
  },
  'not-closed': { kind: 'refused', title: 'The finished tree lacks something that it needs' },
  'not-hardened': {
    kind: 'refused',
    title: 'The finished tree breaks a hardening rule, and the recipe allows no exception',
  },
  'gate-refused': { kind: 'refused', title: 'The findings of a scan break a rule of the gate' },
  'step-failed': {
    kind: 'refused',
    title: 'A build step of the recipe failed, or did not make its outputs',
  },
  'step-differs': {
    kind: 'refused',
    title: 'A build step made different bytes than when the recipe was locked',
  },
  'test-failed': { kind: 'refused', title: 'A test of the recipe failed' },
  network: { kind: 'environment', title: 'A server could not be reached or did not answer properly' },
  offline: { kind: 'environment', title: 'The network is needed but must not be used' },
  unauthorized: { kind: 'environment', title: 'A registry or repository refused the credentials' },
  'not-found': { kind: 'input', title: 'A file, image or tag does not exist' },
  'file-system': { kind: 'environment', title: 'A file or folder could not be read or written' },
  'version-unavailable': {
    kind: 'environment',
    title: 'The version of Temper that reproduces the bytes of an image is not available',
  },
  'tool-missing': { kind: 'environment', title: 'A program that this step needs is not installed' },
  'tool-failed': { kind: 'environment', title: 'A program that this step needs failed' },
  interrupted: { kind: 'environment', title: 'Stopped by the user' },
  internal: { kind: 'internal', title: 'A defect in Temper' },
} as const satisfies Record<string, { kind: 'refused' | 'input' | 'environment' | 'internal'; title: string }>

export type ErrorCode = keyof typeof errorCodes
