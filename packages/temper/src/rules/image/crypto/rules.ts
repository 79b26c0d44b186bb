import type { ImageRule } from '../rule.ts'
import { addedCertificate } from './added-certificate.ts'
import { cryptoPolicy } from './crypto-policy.ts'
import { expiredCertificate } from './expired-certificate.ts'
import { fips } from './fips.ts'
import { javaSecurity } from './java-security.ts'
import { legacyProvider } from './legacy-provider.ts'
import { openSslProtocols } from './openssl-protocols.ts'
import { unreadableCertificate } from './unreadable-certificate.ts'
import { weakCertificate } from './weak-certificate.ts'

/** Rules about what protects connections, and whom programs trust. */
export const cryptoRules: readonly ImageRule[] = [
  openSslProtocols,
  legacyProvider,
  cryptoPolicy,
  javaSecurity,
  weakCertificate,
  expiredCertificate,
  unreadableCertificate,
  addedCertificate,
  fips,
]
