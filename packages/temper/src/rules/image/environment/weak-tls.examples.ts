import type { Examples } from '../example.ts'

const settings = (variable: string) => ({ Env: ['PATH=/usr/bin', variable] })

export const examples: Examples = {
  broken: [
    { title: 'Go by its older name', settings: settings('GONOSUMCHECK=*') },
    { title: 'npm in any case', settings: settings('NPM_CONFIG_STRICT_SSL=false') },
    { title: 'Git', settings: settings('GIT_SSL_NO_VERIFY=true') },
    { title: 'Git, which asks for no value', settings: settings('GIT_SSL_NO_VERIFY=0') },
    { title: 'Git with an empty value', settings: settings('GIT_SSL_NO_VERIFY=') },
    { title: 'Perl', settings: settings('PERL_LWP_SSL_VERIFY_HOSTNAME=0') },
    { title: 'pip with a host', settings: settings('PIP_TRUSTED_HOST=pypi.example') },
    { title: 'Vault', settings: settings('VAULT_SKIP_VERIFY=1') },
    { title: 'Bundler', settings: settings('BUNDLE_SSL_VERIFY_MODE=off') },
    {
      title: 'Node.js with an old protocol',
      settings: settings('NODE_OPTIONS=--max-old-space-size=9 --tls-min-v1.0'),
    },
    {
      title: 'Java without the name of the host',
      settings: settings('JAVA_OPTS=-Djdk.internal.httpclient.disableHostnameVerification=true'),
    },
    { title: 'Java with TLS 1.0 alone', settings: settings('JAVA_TOOL_OPTIONS=-Dhttps.protocols=TLSv1') },
    {
      title: 'Java with TLS 1.1 after a newer one',
      settings: settings('JAVA_TOOL_OPTIONS=-Dhttps.protocols=TLSv1.2,TLSv1.1 -Xmx1g'),
    },

    { title: 'Node.js without checks', settings: settings('NODE_TLS_REJECT_UNAUTHORIZED=0') },
    { title: 'Python without checks', settings: settings('PYTHONHTTPSVERIFY=0') },
    { title: 'Go with SHA-1', settings: settings('GODEBUG=http2client=0,x509sha1=1') },
  ],
  kept: [
    {
      title: 'Java with TLS 1.2 and 1.3',
      settings: settings('JAVA_TOOL_OPTIONS=-Dhttps.protocols=TLSv1.2,TLSv1.3'),
    },
    { title: 'Node.js with TLS 1.3', settings: settings('NODE_OPTIONS=--tls-min-v1.3') },
    { title: 'another variable that ends so', settings: settings('MY_GIT_SSL_NO_VERIFY=1') },
    { title: 'Go with SHA-1 left off', settings: settings('GODEBUG=x509sha1=0') },

    { title: 'Node.js with checks', settings: settings('NODE_TLS_REJECT_UNAUTHORIZED=1') },
    { title: 'Go with other settings', settings: settings('GODEBUG=madvdontneed=1') },
  ],
}
