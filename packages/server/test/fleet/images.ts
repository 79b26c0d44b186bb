import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../src/database/schema.ts'
import { keepPackages, packagesOf } from '../../src/images/packages.ts'
import type { Component } from '../../src/temper.ts'

export interface Fleet {
  readonly count: number
  readonly perImage: number
  /** Names of source packages. */
  readonly names: readonly string[]
  /** One package of so many is as old as can be: it has all that was ever known of it, some eighteen findings. */
  readonly outdated: number
}

/** Names of binary packages, and versions of each that images have. */
const [binaries, versions] = [20_000, 10]
/** Images that one statement makes. */
const atOnce = 2000
/** Packages that every image has, in some version. */
const common = 60

/**
 * Images as a large fleet has them: each with a set of its own, a fifth of it packages that all have, the others drawn so that few are in
 * many and most in few. Packages are kept as the factory keeps them; sets are made in the database.
 */
export async function makeImages(
  db: Kysely<Schema>,
  { count, perImage, names, outdated }: Fleet,
): Promise<void> {
  const components: Component[] = []
  for (let name = 0; name < binaries; name++)
    for (let version = 0; version < versions; version++)
      components.push(componentOf({ name, version, isOld: (name * 7 + version) % outdated === 0 }, names))
  for (let start = 0; start < components.length; start += 20_000)
    await keepPackages(
      db,
      `parts ${start}`,
      packagesOf({ components: components.slice(start, start + 20_000), layers: [], notes: [] }),
    )
  await sql`delete from image_sets`.execute(db)
  await sql`delete from package_sets`.execute(db)
  await sql`select setseed(0.5)`.execute(db)
  for (let first = 0; first < count; first += atOnce)
    await makeSome(db, { first, last: Math.min(count, first + atOnce), perImage })
}

/** Numbers of packages: the name's times the versions, plus the version's, in the order in which they were kept. */
async function makeSome(
  db: Kysely<Schema>,
  { first, last, perImage }: { readonly first: number; readonly last: number; readonly perImage: number },
): Promise<void> {
  await sql`create temporary table if not exists byname as
    select row_number() over (order by name, version) - 1 as place, number from packages`.execute(db)
  await sql`create unique index if not exists byname_place on byname (place)`.execute(db)
  await sql`
    with drawn as (
      select image, case when part < ${common} then part
        else ${common} + floor(power(random(), 2.5) * (${binaries - common}::integer))::integer end as name,
        floor(power(random(), 2) * ${versions}::integer)::integer as version
      from generate_series(${first}::integer, ${last - 1}::integer) as image,
        generate_series(0, ${perImage + 40}::integer) as part
    ), one as (select distinct on (image, name) image, name, version from drawn order by image, name),
    held as (
      select image, (array_agg(byname.number order by byname.number))[1:${perImage}::integer] as packages
      from one join byname on byname.place = one.name * ${versions}::integer + one.version group by image
    ), made as (
      insert into package_sets (id, packages) select 'set ' || image, packages from held returning number, id
    )
    insert into image_sets (digest, "set")
    select 'sha256:' || encode(sha256(convert_to(split_part(id, ' ', 2), 'UTF8')), 'hex'), number from made`.execute(
    db,
  )
  await sql`
    with made as (
      select 'team' || image % 200 || '/image' || image as name,
        'sha256:' || encode(sha256(convert_to(image::text, 'UTF8')), 'hex') as digest
      from generate_series(${first}::integer, ${last - 1}::integer) as image
    ), kept as (
      insert into images (name, digest, built, published, build, reason, grade, lock, signer, promoted)
      select name, digest, now(), now(), name, 'made for a measurement', 'hardened', '', 'factory', now() from made
    )
    insert into tags (name, tag, digest, channel, moved)
    select name, tag, digest, channel, now() from made,
      (values ('1', 'stable'), ('1-candidate', 'candidate')) as t (tag, channel)`.execute(db)
}

function componentOf(
  { name, version, isOld }: { readonly name: number; readonly version: number; readonly isOld: boolean },
  names: readonly string[],
): Component {
  const source = name === 0 ? 'openssl' : (names[name % names.length] ?? 'x')
  const binary = `${source}-b${String(name).padStart(5, '0')}`
  // Most are repaired.
  const text = `${isOld ? 0 : 99}.${version}.${name % 7}-1`
  return {
    type: 'deb',
    name: binary,
    version: text,
    foundBy: 'dpkg',
    locations: [],
    purl: `pkg:deb/debian/${binary}@${text}?arch=amd64&distro=debian-12`,
    source: { name: source, version: text },
    distribution: { id: 'debian', version: '12' },
  }
}
