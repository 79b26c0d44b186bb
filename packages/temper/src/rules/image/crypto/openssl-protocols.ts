import { absolutePath, type Place } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { type OpenSslFile, type OpenSslSetting, openSslFiles } from './openssl-settings.ts'

const old = /^(?:SSLv[23]|TLSv1(?:\.1)?|DTLSv1|None|0)$/i
const broken =
  /@SECLEVEL\s*=\s*[01](?!\d)|(?:^|[:, ])(?:eNULL|NULL|aNULL|EXPORT|LOW|RC4|DES|3DES|MD5)(?=$|[:, @])/

export const openSslProtocols = imageRule({
  id: 'openssl-protocols',
  title: 'OpenSSL is not set to allow old protocols and ciphers',
  why: 'SSL 3, TLS 1.0 and 1.1 and security levels 0 and 1 are broken (RFC 8996; SSL_CTX_set_security_level(3)). Every program that uses OpenSSL takes the setting.',
  fix: 'leave the lines out, or write MinProtocol = TLSv1.2 and CipherString = DEFAULT@SECLEVEL=2',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check(subject) {
    for (const file of openSslFiles(subject))
      for (const setting of file.settings) {
        const { name, value } = setting
        const weak = name === 'minprotocol' ? old.test(value) : name === 'cipherstring' && broken.test(value)
        if (weak) yield { place: placeOf(file, setting), found: `${name} is "${value.slice(0, 200)}"` }
      }
  },
})

export function placeOf({ node }: OpenSslFile, { line }: OpenSslSetting): Place {
  const { path, layer } = node
  const at = { kind: 'span', file: absolutePath(path), line, column: 1 } as const
  return layer === undefined ? at : { ...at, layer: layer.diffId }
}
