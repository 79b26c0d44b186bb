import { z } from 'zod'

const loopback = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?(?:\/|$)/

/** The address of a service that is told secrets, or whose word counts: over TLS, or on this machine. */
export const secureAddress = z
  .url({ protocol: /^https?$/ })
  .refine((text) => text.startsWith('https://') || loopback.test(text), 'expected an https address')
