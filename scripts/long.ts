/**
 * What takes too long for `npm test`, one step at a time: `npm run long -- STEP [ARGUMENT…]`.
 *
 *   acceptance LIST [--json FILE]  builds every package of a list alone and tells what came of it; --help for more
 *   apt [LIST]        solves packages of Debian 13 as its own apt does, and tells what differs; needs Debian and root
 *   catalog [--other] [NAME…]  builds and tests the catalogue with all variants, and keeps what each image measures
 *   expressions       analyses all literal regular expressions that repeat what repeats
 *   draw PACKAGES [--count N] [--seed TEXT]  draws packages for acceptance out of an index of Debian; --help for more
 *   damage [ROUNDS] [SEED]  damages files of caches at random, and sees whether anything changes in silence
 *   factory-kills [ROUNDS]  kills a factory's server, database and worker at random in builds; needs Debian and root
 *   fleet [COUNT [OLD]] --osv DIR  100,000 images in PostgreSQL: a new advisory, a day's feeds, a page; needs Debian and root
 *   fuzz-apk [ROUNDS] [SEED]  hands hostile indices, packages and databases of apk to whatever reads them
 *   harden [NAME…]    hardens images that Buildah makes of real roots, as a user without rights, and runs them before and after
 *   java-names [FOLDER]  names 2,960 real Java archives, which Maven fetches into a folder of the cache
 *   java-published FOLDER…  adds to the names of archives that ship with Temper those that locks and poms below folders name
 *   kills [ROUNDS]    kills a push at every request in turn, and sees that the tag is the old or the new one
 *   languages [NAME…]  installs from registries in images to develop with, by Buildah, and runs the result in those to run
 *   mutation [ROOM] [--again | --list]  changes the sources of a room, one place at a time, and sees whether its tests notice
 *   newcomer [RELEASE]  drives the lines of the README in an empty Debian with nothing but its Node
 *   same-digests COMMIT [NAME…]  builds the catalogue of a commit with it and with this checkout, and compares digests
 *   test-share        counts lines of tests for each line of code where decisions are made; fails below one
 *   updates [NAME…]   bytes of each image that are pulled when one library changes, over two locks; at most a tenth
 *   warm-cache        builds large images too from every state of the cache, and compares all files that are written
 */

import { measureFleet } from '../packages/server/test/fleet/fleet.ts'
import { acceptPackages } from './long/acceptance/acceptance.ts'
import { drawPackages } from './long/acceptance/draw.ts'
import { compareWithApt } from './long/apt/apt.ts'
import { testCatalog } from './long/catalog.ts'
import { measureUpdates } from './long/catalog-updates.ts'
import { damageCaches } from './long/damage.ts'
import { analyseExpressions } from './long/expressions.ts'
import { killFactories } from './long/factory-kills.ts'
import { fuzzApk } from './long/fuzz-apk.ts'
import { hardenForeign } from './long/harden/harden.ts'
import { gatherNames } from './long/java-names/gather.ts'
import { nameArchives } from './long/java-names/names.ts'
import { killPushes } from './long/kills.ts'
import { testLanguages } from './long/languages/languages.ts'
import { mutateRooms } from './long/mutation/mutation.ts'
import { driveReadme } from './long/newcomer.ts'
import { compareDigests } from './long/same-digests.ts'
import { tellTestShare } from './long/test-share.ts'
import { compareCacheStates } from './long/warm-cache.ts'

const steps: Readonly<Record<string, (words: readonly string[]) => Promise<boolean>>> = {
  acceptance: acceptPackages,
  apt: compareWithApt,
  catalog: testCatalog,
  draw: drawPackages,
  damage: damageCaches,
  expressions: analyseExpressions,
  'factory-kills': killFactories,
  fleet: measureFleet,
  'fuzz-apk': fuzzApk,
  harden: hardenForeign,
  'java-names': nameArchives,
  'java-published': gatherNames,
  kills: killPushes,
  languages: testLanguages,
  mutation: mutateRooms,
  newcomer: driveReadme,
  'same-digests': compareDigests,
  'test-share': tellTestShare,
  updates: measureUpdates,
  'warm-cache': compareCacheStates,
}

const [name = '', ...words] = process.argv.slice(2)
const step = Object.hasOwn(steps, name) ? steps[name] : undefined
if (step === undefined) {
  console.error(`usage: npm run long -- STEP [ARGUMENT…]\nsteps: ${Object.keys(steps).join(', ')}`)
  process.exitCode = 2
} else if (!(await step(words))) process.exitCode = 1
