import { type Variable, variablesOf } from '../environment.ts'
import { imageRule } from '../rule.ts'

const off = /^(?:0|false|no|off|never)$/i
const on = /^(?:1|true|yes|on)$/i

/** What turns the checking of certificates off, or allows old protocols, by the variable's name. */
const weakening: readonly (readonly [name: RegExp, value: RegExp])[] = [
  // Node.js, Python, Perl's LWP, npm, Git, curl's wrappers, pip, Go, Ruby's bundler, Deno.
  [/^NODE_TLS_REJECT_UNAUTHORIZED$/, off],
  [/^PYTHONHTTPSVERIFY$/, off],
  [/^PERL_LWP_SSL_VERIFY_HOSTNAME$/, off],
  [/^npm_config_strict_ssl$/i, off],
  // Whatever its value is, also "0" and an empty one.
  [/^GIT_SSL_NO_VERIFY$/, /^/],
  [/^(?:CURL_INSECURE|SSL_NO_VERIFY|INSECURE_SKIP_VERIFY|TLS_SKIP_VERIFY|VAULT_SKIP_VERIFY)$/, on],
  [/^PIP_TRUSTED_HOST$/, /./],
  [/^(?:GOINSECURE|GONOSUMDB|GONOSUMCHECK)$/, /./],
  [/^BUNDLE_SSL_VERIFY_MODE$/, off],
  [/^DENO_TLS_CA_STORE$|^DENO_UNSAFELY_IGNORE_CERTIFICATE_ERRORS$/, /^(?:1|true)$/],
  [
    /^GODEBUG$/,
    /(?:^|,)(?:x509sha1=1|tls10server=1|tls3des=1|tlsrsakex=1|x509rsacrt=0|tlsmaxrsasize=\d{5,})/,
  ],
  [
    /^NODE_OPTIONS$/,
    /--(?:tls-min-v1\.[01]|tls-max-v1\.[01]|use-openssl-legacy-provider|openssl-legacy-provider|insecure-http-parser)/,
  ],
  [
    /^(?:JAVA_TOOL_OPTIONS|JAVA_OPTS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)$/,
    /disableHostnameVerification=true|https\.protocols=["']?(?:TLSv1\.[23],)*(?:SSLv3|TLSv1(?:\.1)?)(?=[,\s"']|$)/,
  ],
  [/^DOTNET_SYSTEM_NET_HTTP_USESOCKETSHTTPHANDLER_IGNORECERT$/, on],
]

export const weakTls = imageRule({
  id: 'weak-tls',
  title: 'No variable weakens TLS',
  why: 'Anyone in between can then read and change everything. The variable is set for one build, and stays for every program.',
  fix: 'remove the ENV line, and add the certificate that is missing to the trust store (certificates in a recipe)',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'environment',
  needs: ['image'],
  *check({ image }) {
    for (const { name, value } of variablesOf(image.settings).filter(weakens))
      yield { place: { kind: 'whole' }, subject: `ENV ${name}`, found: `${name} is "${value.slice(0, 200)}"` }
  },
})

function weakens({ name, value }: Variable): boolean {
  return weakening.some(([wanted, weak]) => wanted.test(name) && weak.test(value.slice(0, 4096)))
}
