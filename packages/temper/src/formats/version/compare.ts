import type { VersionScheme } from '../../model/version-scheme.ts'
import { apkOrder, apkRangeOrder } from './apk.ts'
import { composerOrder, composerRangeOrder } from './composer.ts'
import { dpkgOrder } from './dpkg.ts'
import { gemOrder } from './gem.ts'
import { golangOrder } from './golang.ts'
import { mavenOrder } from './maven.ts'
import { nugetOrder } from './nuget.ts'
import { bounded, type Order, type VersionOrder } from './order.ts'
import { pep440Order } from './pep440.ts'
import { pubOrder } from './pub.ts'
import { rpmOrder } from './rpm.ts'
import { semverOrder } from './semver.ts'

/** A version that `VersionOrder.parse` of one scheme made; only that scheme can use it. */
export type ParsedVersion = unknown

const orders: Readonly<Record<VersionScheme, VersionOrder<ParsedVersion>>> = {
  dpkg: dpkgOrder,
  apk: bounded(apkOrder),
  rpm: bounded(rpmOrder),
  semver: bounded(semverOrder),
  pep440: bounded(pep440Order),
  maven: bounded(mavenOrder),
  gem: bounded(gemOrder),
  composer: bounded(composerOrder),
  nuget: bounded(nugetOrder),
  golang: bounded(golangOrder),
  pub: bounded(pubOrder),
}

const rangeOrders: Readonly<Record<VersionScheme, VersionOrder<ParsedVersion>>> = {
  ...orders,
  apk: bounded(apkRangeOrder),
  composer: bounded(composerRangeOrder),
}

/**
 * The order in which ranges of a scheme are evaluated: its own, except that Composer writes versions out first, and
 * that versions of old apk packages count.
 */
export function rangeOrderOf(scheme: VersionScheme): VersionOrder<ParsedVersion> {
  return rangeOrders[scheme]
}

/**
 * Orders two versions as the scheme's own tool does. Never throws: text that is not a version has a fixed place,
 * below all versions where the scheme distinguishes them (semver, golang, nuget, pep440), else wherever the
 * comparison puts it.
 */
export function compareVersions(scheme: VersionScheme, a: string, b: string): Order {
  if (a === b) return 0
  const order = orders[scheme]
  return order.compare(order.parse(a), order.parse(b))
}

/** False for text that is not a version of the scheme, so that comparing it says nothing. */
export function isVersion(scheme: VersionScheme, text: string): boolean {
  const order = orders[scheme]
  return order.isVersion(order.parse(text))
}
