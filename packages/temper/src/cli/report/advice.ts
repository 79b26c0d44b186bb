import type { ErrorCode } from '../../base/error-code.ts'

/** The next step for each kind of error, for when the place that failed knows nothing better. */
export const advice: Readonly<Record<ErrorCode, string>> = {
  'bad-usage': '"temper help COMMAND" shows what a command takes, with examples.',
  'bad-recipe':
    'Correct the recipe at the place named above. "temper schema" prints what a recipe may contain.',
  'recipe-not-found': 'Give the path of a recipe file, or the name of one in the catalogue.',
  'bad-lock': 'Make a new lock with "temper lock TARGET".',
  'bad-reference':
    'Write HOST/NAME[:TAG][@sha256:…], oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, docker:NAME, podman:NAME or containerd:NAME.',
  'bad-archive': 'Fetch the package again; if it stays damaged, use another mirror.',
  'bad-index': 'Try again; if it stays damaged, use another mirror.',
  'bad-image': 'Copy or build the image again. If another tool can read it, please report the difference.',
  'bad-configuration': 'Correct the setting named above; docs/reference/configuration.md lists them all.',
  'bad-sbom': 'Make the document again, or name the image itself: Temper can read its layers.',
  'bad-manifest':
    'Correct the file at the place named above; charts and overlays have to be rendered first (helm template, kustomize build).',
  'bad-vex':
    'Correct the document at the place named above; "temper vex validate FILE" lists all that is wrong.',
  'bad-attestation':
    'Sign or attest the image again. If another tool can read it, please report the difference.',
  'bad-key': 'Check that this is the right key file; "temper keys generate" makes a new pair.',
  'bad-trust': 'Correct the setting named above; docs/reference/trust-file.md lists them all.',
  'bad-policy': 'Correct the policy at the place named above; docs/reference/policy.md describes the file.',
  'limit-exceeded': 'If the file is meant to be this large, please report it with its name and size.',
  'digest-mismatch':
    'Try again; if it happens again, the mirror or the cache is damaged: use another mirror, or "temper cache prune --all".',
  'signature-invalid': 'Check that the key given for this repository is the one that signs it.',
  'not-verified': '"temper evidence REF --key FILE" lists what is attached and why it does not verify.',
  'release-expired': "Check this machine's clock; if it is right, the mirror is stale: use another one.",
  'release-rollback': 'The mirror is behind: try again later or use another one.',
  'package-not-found':
    'Check the spelling, and that the distribution or a repository of the recipe has the package.',
  unsatisfiable: 'Relax or remove one of the requests named above.',
  'unmodelled-effect':
    'Build without --strict, or leave out the package; the summary lists what is not modelled.',
  'not-closed':
    'Add the package named above, or relax the rule for this path in the recipe (hardening.allow).',
  'not-hardened': 'Remove what breaks the rule, or relax it with a reason in the recipe (hardening.allow).',
  'gate-refused':
    'Upgrade the packages named above (temper lock --update), or state in VEX or an ignore rule why a finding does not matter.',
  'step-failed': 'Correct the step in the recipe; its output is shown above.',
  'step-differs': 'Make the step reproducible, or make the lock again if the difference is intended.',
  'test-failed': 'Read the output above; "temper test --verbose" shows all of it.',
  network: 'Check the connection and proxy settings (HTTPS_PROXY), then try again.',
  offline: 'Run once without --offline, or give a lock whose packages are in the cache.',
  unauthorized:
    'Log in with "temper login -u NAME REGISTRY" (docker login and skopeo login work as well); for package repositories give credentials in a netrc file.',
  'not-found': 'Check the path, the name and the tag.',
  'file-system': 'Check the path and its permissions, or choose another folder.',
  'version-unavailable': 'Install npm and allow the network, or rebuild with the version named above.',
  'tool-missing': 'Install the program named above.',
  'tool-failed': 'Run the program by hand to see what is wrong.',
  interrupted: 'Run the command again; it continues with what is already in the cache.',
  internal: 'Please report this with the command line, the lines below and the output of "temper version".',
}
