import { type Examples, file, folder } from '../example.ts'
import { goodRoot, sha1Certificate, smallRoot } from './sample-certificates.ts'

const store = (text: string) => [folder('etc/ssl'), file('etc/ssl/cert.pem', text)]

export const examples: Examples = {
  broken: [
    { title: 'a short key', files: store(`${goodRoot}${smallRoot}`) },
    { title: 'a signature with SHA-1', files: store(`${goodRoot}${sha1Certificate}`) },
  ],
  kept: [{ title: 'P-256 and SHA-256', files: store(goodRoot) }],
}
