import { html } from 'hono/html'
import { may, type Principal } from '../../auth/principal.ts'
import { isLate, whyOpen } from '../../clocks/clock.ts'
import { severities } from '../../database/schema.ts'
import type { FactoryWorld } from '../../factory/world.ts'
import { type CatalogueImage, catalogue } from '../../images/catalogue.ts'

/** Days after which feeds are told to be old, whatever they say of themselves. */
const feedDays = 3
/** Rows of a table: the page is read by people. */
const most = 50

/** What people look at first: what is not looked after, what is late, what is being done, and what there is. */
export async function factorySections(factory: FactoryWorld, principal: Principal) {
  const mayRead = (image: string) => may(principal, 'pull', image)
  return html`${await feedsSection(factory)}${await lateSection(factory, mayRead)}${await queueSection(factory, mayRead)}
${imagesSection((await catalogue(factory.db)).filter(({ name }) => mayRead(name)))}`
}

async function feedsSection({ db, now }: FactoryWorld) {
  const feeds = await db
    .selectFrom('feeds')
    .select(['id', 'stale', 'seen', 'date', 'fetched'])
    .orderBy('id')
    .execute()
  if (feeds.length === 0)
    return html`<section class="held"><h2>There are no feeds</h2><p>Nothing is known against any image, whatever is in it.</p></section>`
  const limit = now().getTime() - feedDays * 24 * 3600 * 1000
  const old = feeds.filter(({ stale, date, fetched }) => stale || Date.parse(fetched ?? date ?? '') < limit)
  if (old.length === 0) return ''
  return html`<section class="held"><h2>Feeds that are old (${old.length} of ${feeds.length})</h2>
<ul>${old.slice(0, most).map(({ id, date, fetched }) => html`<li><strong>${id}</strong> of ${(fetched ?? date ?? 'an unknown day').slice(0, 10)}</li>`)}</ul></section>`
}

async function lateSection({ db, now }: FactoryWorld, mayRead: (image: string) => boolean) {
  const open = await db
    .selectFrom('clocks')
    .selectAll()
    .where('published', 'is', null)
    .where('due', '<', now())
    .orderBy('due')
    .orderBy('image')
    .limit(1000)
    .execute()
  const late = open.filter((row) => mayRead(row.image) && isLate(row, now()))
  if (late.length === 0) return ''
  return html`<section class="held"><h2>Late (${late.length})</h2>
<table><thead><tr><th>Image</th><th>Problem</th><th>Package</th><th>Severity</th><th>Was due</th><th>Why</th></tr></thead><tbody>
${late
  .slice(0, most)
  .map(
    (row) =>
      html`<tr><td>${row.image}</td><td>${row.advisory}</td><td>${row.package} ${row.version}</td><td>${row.severity}</td><td>${row.due.toISOString().slice(0, 10)}</td><td>${whyOpen(row, undefined)}</td></tr>`,
  )}</tbody></table></section>`
}

async function queueSection({ db }: FactoryWorld, mayRead: (image: string) => boolean) {
  const builds = await db
    .selectFrom('builds')
    .select(['id', 'image', 'state', 'reason', 'steps', 'error'])
    .orderBy('created', 'desc')
    .limit(most)
    .execute()
  const shown = builds.filter(({ image }) => mayRead(image)).slice(0, 20)
  if (shown.length === 0) return ''
  return html`<section><h2>Builds</h2>
<table><thead><tr><th>Image</th><th>State</th><th>Step</th><th>Why</th></tr></thead><tbody>
${shown.map(({ image, state, reason, steps, error }) => {
  const step = steps.find((each) => each.state === 'running' || each.state === 'failed')
  return html`<tr><td>${image}</td><td>${state}</td><td>${step?.name ?? ''}</td><td>${reason}${error === null ? '' : html`<br><strong>${error.slice(0, 300)}</strong>`}</td></tr>`
})}</tbody></table></section>`
}

function imagesSection(images: readonly CatalogueImage[]) {
  if (images.length === 0) return ''
  return html`<section><h2>Images</h2>
<table><thead><tr><th>Image</th><th>Tags</th><th>Tier</th><th>Open</th><th>Built</th></tr></thead><tbody>
${images.map(({ name, tags, grade, vulnerabilities }) => {
  const counts = severities.flatMap((severity) => {
    const count = vulnerabilities[severity]
    return count === undefined ? [] : [`${count} ${severity}`]
  })
  const stable = tags.filter(({ channel }) => channel === 'stable')
  return html`<tr><td>${name}</td><td>${stable.map(({ tag }) => tag).join(', ')}</td><td>${grade ?? ''}</td><td>${counts.join(', ') || 'none'}</td><td>${tags[0]?.built.toISOString().slice(0, 10) ?? ''}</td></tr>`
})}</tbody></table></section>`
}
