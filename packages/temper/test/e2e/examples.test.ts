import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allCommands } from '../../src/cli/program/command-table.ts'
import { PageWorld } from '../support/page-world.ts'

/* Every example of the commands' reference is run, or the list below says why not. */

const identity = 'asks who somebody is, which takes a service that knows him'
const notRun: Readonly<Record<string, string>> = {
  'temper test nginx': 'runs containers: test/interop does',
  'temper serve --data factory --recipes recipes': 'runs until it is stopped: packages/server/test does',
  'temper serve --data factory --policy hardened': 'the same',
  'temper reindex --data factory': 'needs the folder of a factory: packages/server/test does',
  'temper backup /backups/factory --data factory': 'the same',
  'temper restore /backups/factory --data factory': 'the same',
  'temper serve --port 5000 --data registry --no-factory': 'the same',
  'temper worker --server https://factory.example --token-file worker.token':
    'runs until it is stopped: packages/server/test does',
  'temper report-running --server https://factory.example --kubeconfig ~/.kube/config --token-file reporter.token':
    'asks a cluster: the tests beside it do',
  'docker inspect $(docker ps -q) | temper report-running - --server https://factory.example --place build-1 --token-file reporter.token':
    'tells a factory: packages/server/test does',
  'temper test web.yaml --verbose': 'runs containers: test/interop does',
  'temper sign registry.example/team/nginx:1.26 --keyless': identity,
  'temper verify registry.example/team/nginx:1.26 --identity https://github.com/team/images/.github/workflows/release.yml@refs/heads/main --issuer https://token.actions.githubusercontent.com':
    identity,
  'temper copy --evidence try oci:out/nginx quay.example/team/nginx:1.26':
    'needs a registry that takes no evidence',
  'temper trust check registry.example/team/nginx:1.26':
    'the rule before it names an identity: the public good instance is asked',
  'temper trust root -o trusted_root.json': 'fetches from the public good instance',
  'temper login -u me registry.example': 'asks a person',
  'temper feeds import all.zip advisories.ndjson.gz kev.json': 'the files are whatever you have',
  'temper feeds archives ~/.m2/repository': 'the archives are whatever you have',
  'temper completion zsh > ~/.zfunc/_temper': 'is written to a folder of zsh: test/interop completes in zsh',
  'temper completion fish > ~/.config/fish/completions/temper.fish': 'the same of fish',
  'rm -rf "$(temper cache path)"': 'removes what other tests share',
  'temper cache prune --older-than 2w --max-size 5GB': 'removes what other tests share',
}
/** Examples whose point is that they say no. */
const saysNo: Readonly<Record<string, number>> = {
  'temper comply oci:out/nginx --framework cis-docker': 1,
  'temper comply registry.example/team/nginx:1.26 --framework nist-800-53-r5 -o evidence --key temper.key': 1,
  'temper gate registry.example/team/web:1 --policy secure --sign ci.key --attach': 1,
}
/** What no later example may find. */
const after: Readonly<Record<string, string>> = {
  'cat web.k8s.yaml | temper admit - --offline':
    'if [ -e kept.trust.yaml ]; then mv kept.trust.yaml home/.config/temper/trust.yaml; fi',
  'temper build nginx --certificate corporate-root.crt':
    'mv kept.lock.json nginx.lock.json; temper build nginx --lock nginx.lock.json',
  'temper import apko.yaml -o recipe.yaml': 'rm recipe.yaml',
  'temper policy export --for kyverno > admission.yaml': 'rm home/.config/temper/trust.yaml',
}
/** What has to be there first. */
const before: Readonly<Record<string, string>> = {
  // Whoever trusts somebody is told no: nobody looked whether they signed.
  'cat web.k8s.yaml | temper admit - --offline':
    'if [ -e home/.config/temper/trust.yaml ]; then mv home/.config/temper/trust.yaml kept.trust.yaml; fi',
  'temper build nginx --certificate corporate-root.crt':
    // A lock of the name beside it was made without the certificate.
    'mv nginx.lock.json kept.lock.json; openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -out corporate-root.crt -subj /CN=Corporate 2> /dev/null',
  'temper build web.yaml -o build/web --platform linux/arm64': 'rm -f web.lock.json',
  'temper verify registry.example/team/nginx:1.26':
    "temper trust init; temper trust add-key release temper.pub; temper trust add-rule '**' --signed-by release",
  'temper policy export --for kyverno > admission.yaml':
    "rm -f home/.config/temper/trust.yaml; temper trust init; temper trust add-key release temper.pub; temper trust add-rule '**' --signed-by release",
  'temper trust init': 'rm -f home/.config/temper/trust.yaml',
  'temper trust add-key release release.pub': 'cp temper.pub release.pub',
  'temper verify oci:out/nginx --key temper.pub --require signature,spdx,provenance':
    'temper build nginx --lock nginx.lock.json --sign temper.key',
  'temper rebuild registry.example/team/nginx:1.26 --attest verifier.key':
    'rm -f verifier.*; temper keys generate -o verifier',
  // The packaged policy wants all packages to be compared.
  'temper gate oci:out/nginx': 'temper feeds import own.ndjson --whole Debian:13',
  'temper gate registry.example/team/web:1 --policy policy.yaml --json':
    "echo 'extends: baseline' > policy.yaml",
  'temper gate registry.example/team/web:1 --policy secure --sign ci.key --attach':
    'rm -f ci.*; temper keys generate -o ci',
  'temper policy test policy.yaml': 'temper policy show hardened > policy.yaml',
  'temper keys generate': 'mkdir keys; cd keys',
  'temper keys generate -o cosign': 'mkdir cosign; cd cosign',
  'echo "$TOKEN" | temper login -u ci --password-stdin registry.example': 'TOKEN=secret',
}

let world: PageWorld
beforeAll(async () => {
  world = await PageWorld.make()
}, 600_000)
afterAll(() => world?.close())

async function runs(script: string, endsWith = 0): Promise<void> {
  const { code, output } = await world.run(script)
  expect(code, `${script}\n${output}`).toBe(endsWith)
}

describe('examples of commands', async () => {
  const examples = (await allCommands()).flatMap((command) => command.examples.map((each) => each.command))

  it.each(examples.filter((line) => !(line in notRun)))('%s', { timeout: 240_000 }, async (line) => {
    await runs(`${before[line] ?? ':'}\n${line}`, saysNo[line])
    const cleaning = after[line]
    if (cleaning !== undefined) await runs(cleaning)
  })

  it('are all there that are said not to be run', () => {
    expect(Object.keys({ ...notRun, ...saysNo }).filter((line) => !examples.includes(line))).toEqual([])
  })
})
