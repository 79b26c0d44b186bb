import { type Kysely, sql } from 'kysely'

/**
 * The packages of images are kept once for all images with the same packages, as a list of numbers: rows for each
 * package of each image would be most of the database. Beside them: packages whose findings have changed, until
 * clocks have been set by them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table packages add column number integer generated always as identity`.execute(db)
  await sql`alter table packages add constraint packages_number unique (number)`.execute(db)
  await sets(db)
  await findings(db)
  await db.schema
    .createTable('unsettled')
    .addColumn('package', 'integer', (c) => c.primaryKey())
    .addColumn('mark', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('images_by_digest').on('images').column('digest').execute()
  await sql`create index images_waiting on images (name) where promoted is null`.execute(db)
  await db.schema.createIndex('builds_of_image').on('builds').columns(['image', 'created']).execute()
}

async function sets(db: Kysely<unknown>): Promise<void> {
  await sql`create table package_sets (
    number integer generated always as identity primary key,
    id text not null unique,
    packages integer[] not null)`.execute(db)
  await sql`create table image_sets (
    digest text primary key,
    "set" integer not null references package_sets (number))`.execute(db)
  await sql`create temporary table held on commit drop as
    select digest,
      encode(sha256(convert_to(string_agg(packages.id, E'\n' order by packages.id collate "C"), 'UTF8')), 'hex') as id,
      array_agg(packages.number order by packages.number) as packages
    from image_packages join packages on packages.id = image_packages.package
    group by digest`.execute(db)
  await sql`insert into package_sets (id, packages) select distinct on (id) id, packages from held order by id`.execute(
    db,
  )
  await sql`insert into image_sets (digest, "set")
    select held.digest, package_sets.number from held join package_sets on package_sets.id = held.id`.execute(
    db,
  )
  await sql`drop table held`.execute(db)
  await db.schema.dropTable('image_packages').execute()
  await sql`create index package_sets_by_package on package_sets using gin (packages)`.execute(db)
  // A row for each package of each image, for whoever reads.
  await sql`create view image_packages as
    select held.digest, packages.id as package from (
      select image_sets.digest, unnest(package_sets.packages) as number
      from image_sets join package_sets on package_sets.number = image_sets."set") as held
    join packages on packages.number = held.number`.execute(db)
  await sql`create index image_sets_by_set on image_sets ("set")`.execute(db)
}

async function findings(db: Kysely<unknown>): Promise<void> {
  await sql`alter table findings add column number integer`.execute(db)
  await sql`update findings set number = packages.number from packages where packages.id = findings.package`.execute(
    db,
  )
  await sql`alter table findings drop column package`.execute(db)
  await sql`alter table findings rename column number to package`.execute(db)
  await sql`alter table findings alter column package set not null`.execute(db)
  await sql`alter table findings add constraint findings_key primary key (package, advisory)`.execute(db)
  await sql`alter table findings add constraint findings_package foreign key (package)
    references packages (number) on delete cascade`.execute(db)
}
