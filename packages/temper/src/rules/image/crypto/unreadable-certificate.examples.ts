import { type Examples, file, folder } from '../example.ts'
import { goodRoot } from './sample-certificates.ts'

const store = (text: string) => [folder('etc/ssl'), file('etc/ssl/cert.pem', text)]

export const examples: Examples = {
  broken: [
    { title: 'a block that is cut off', files: store(goodRoot.slice(0, 200)) },
    {
      title: 'a block that holds something else',
      files: store('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    },
  ],
  kept: [
    { title: 'one certificate, with text around it', files: store(`# Example\n${goodRoot}\n`) },
    { title: 'an empty store', files: store('') },
  ],
}
