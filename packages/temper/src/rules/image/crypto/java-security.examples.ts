import { type Examples, file, link } from '../example.ts'

const settings = (disabled: string) => [
  file(
    'opt/java/conf/security/java.security',
    `security.provider.1=SUN\njdk.tls.disabledAlgorithms=${disabled}\n`,
  ),
]

const jdk = 'SSLv3, TLSv1, TLSv1.1, \\\n    DTLSv1.0, RC4, DES, \\\n    MD5withRSA, DH keySize < 1024'

export const examples: Examples = {
  broken: [
    { title: 'a list without TLS 1.0 and 1.1', files: settings('SSLv3, RC4, DES, MD5withRSA') },
    {
      title: 'a shorter list that is set later',
      files: settings(`${jdk}\n  jdk.tls.disabledAlgorithms : RC4, \\\n # SSLv3, TLSv1, \\\n TLSv1.1`),
    },
    {
      title: "a short list where Debian's packages have it",
      files: [
        file('etc/java-17-openjdk/security/java.security', 'jdk.tls.disabledAlgorithms=RC4\n'),
        link(
          'usr/lib/jvm/java-17-openjdk-amd64/conf/security/java.security',
          '/etc/java-17-openjdk/security/java.security',
        ),
      ],
    },
    { title: 'an empty list', files: settings(`${jdk}\njdk.tls.disabledAlgorithms`) },
  ],
  kept: [
    {
      title: 'that of the JDK',
      files: settings(jdk),
    },
    { title: 'the same with the lines of Windows', files: settings(jdk.replaceAll('\n', '\r\n')) },
    { title: 'the same in small letters', files: settings(jdk.toLowerCase()) },
    {
      title: 'another property',
      files: settings(`${jdk}\n#jdk.tls.disabledAlgorithms=\njdk.tls.disabledAlgorithmsOfOurs=RC4`),
    },
  ],
}
