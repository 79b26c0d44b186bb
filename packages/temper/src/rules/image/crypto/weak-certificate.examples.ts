import { writeJks } from '../../../formats/crypto/jks.ts'
import { readPem } from '../../../formats/crypto/pem.ts'
import { type Examples, file, folder } from '../example.ts'
import { goodRoot, sha1Certificate, smallRoot } from './sample-certificates.ts'

const javaStore = (pem: string) =>
  writeJks(
    readPem(pem, { what: 'example' }).map(({ bytes }) => ({ alias: 'a', certificate: bytes, date: 0 })),
    { password: 'changeit' },
  )
const store = (text: string) => [folder('etc/ssl'), file('etc/ssl/cert.pem', text)]

export const examples: Examples = {
  broken: [
    {
      title: 'in the trust store of a Java runtime',
      files: [
        ...['opt', 'opt/java', 'opt/java/lib', 'opt/java/lib/security'].map((path) => folder(path)),
        file('opt/java/lib/security/cacerts', javaStore(smallRoot)),
      ],
    },
    { title: 'a short key', files: store(`${goodRoot}${smallRoot}`) },
    { title: 'a signature with SHA-1', files: store(`${goodRoot}${sha1Certificate}`) },
  ],
  kept: [{ title: 'P-256 and SHA-256', files: store(goodRoot) }],
}
