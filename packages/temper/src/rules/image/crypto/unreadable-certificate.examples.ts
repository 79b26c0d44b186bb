import { type Examples, file, folder } from '../example.ts'
import { goodRoot, otherStore, usualStore } from './sample-certificates.ts'

const store = (text: string) => [folder('etc/ssl'), file('etc/ssl/cert.pem', text)]

export const examples: Examples = {
  broken: [
    { title: 'a block that is cut off', files: store(goodRoot.slice(0, 200)) },
    {
      title: 'a block that holds something else',
      files: store('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    },
    {
      title: 'a store whose password nobody knows',
      files: [file('srv/truststore.p12', Buffer.from(otherStore, 'base64'))],
    },
  ],
  kept: [
    {
      title: 'a store with the password that Java gives all',
      files: [file('srv/truststore.p12', Buffer.from(usualStore, 'base64'))],
    },
    { title: 'one certificate, with text around it', files: store(`# Example\n${goodRoot}\n`) },
    { title: 'an empty store', files: store('') },
  ],
}
