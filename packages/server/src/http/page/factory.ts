import { html } from 'hono/html'
import { may, type Principal, projectsFor } from '../../auth/principal.ts'
import { lastBuilds } from '../../builds/records.ts'
import { isLate, whyOpen } from '../../clocks/clock.ts'
import { afterWaiver, holds, waiverFor } from '../../clocks/waivers.ts'
import { severities } from '../../database/schema.ts'
import type { FactoryWorld } from '../../factory/world.ts'
import { type CatalogueImage, catalogue, waitingImages } from '../../images/catalogue.ts'
import { silentPlaces } from '../../running/reports.ts'
import { type WatchHealth, watchHealth } from '../../watch/health.ts'

/** Rows of a table: the page is read by people. */
const most = 50
/** Images of the list: all are in the API. */
const shownImages = 200

/**
 * What people need to see first: what nobody watches, what is late, what is in progress, and which images there are.
 */
export async function factorySections(factory: FactoryWorld, principal: Principal) {
  const mayRead = (image: string) => may(principal, 'pull', image)
  const projects = projectsFor(principal, 'pull')
  const images = await catalogue(factory.db, { projects, limit: shownImages + 1 })
  return html`${await feedsSection(factory)}${isolationSection(factory)}${await lateSection(factory, mayRead)}${await waitingSection(factory, mayRead)}${await queueSection(factory, mayRead)}
${imagesSection(images)}`
}

/** Whoever trusts a signature here has to know what else could have made it. */
function isolationSection({ isolation: { level, why }, workers }: FactoryWorld) {
  if (level === 'sandbox' || workers !== undefined) return ''
  return html`<section class="held"><h2>Builds are not kept apart</h2>
<p>A build that breaks out of its steps can reach the signing key: ${why ?? ''}.</p></section>`
}

async function waitingSection({ db }: FactoryWorld, mayRead: (image: string) => boolean) {
  const waiting = [...(await waitingImages(db))].filter(([name]) => mayRead(name))
  if (waiting.length === 0) return ''
  return html`<section class="held"><h2>Waiting for a person (${waiting.length})</h2>
<ul>${waiting.slice(0, most).map(([name, why]) => html`<li><strong>${name}</strong> ${why}</li>`)}</ul></section>`
}

async function feedsSection(factory: FactoryWorld) {
  const { looks, feeds } = await watchHealth(factory)
  const stopped = looks.filter((look) => look.stopped)
  const wrong = feeds.filter(({ error }) => error !== null)
  const known = feeds.filter(({ kind }) => kind !== 'file')
  return html`${stoppedLooks(stopped)}${wrongFeeds(wrong)}${oldFeeds(known)}${await silentSection(factory)}`
}

/** Who has stopped looking is told before all else. */
function stoppedLooks(stopped: WatchHealth['looks']) {
  if (stopped.length === 0) return ''
  return html`<section class="held"><h2>Not running</h2>
<ul>${stopped.map(({ name, done, error }) => html`<li><strong>${name}</strong> last succeeded: ${done?.toISOString() ?? 'never'}${error === null ? '' : `: ${error.slice(0, 300)}`}</li>`)}</ul></section>`
}

/** What ran there may run no more, or something else. */
async function silentSection({ db, now }: FactoryWorld) {
  const silent = await silentPlaces(db, now())
  if (silent.length === 0) return ''
  return html`<section class="held"><h2>Places that no longer report (${silent.length})</h2>
<ul>${silent.slice(0, most).map(({ place, seen }) => html`<li><strong>${place}</strong> last reported ${seen.toISOString()}</li>`)}</ul></section>`
}

function wrongFeeds(wrong: readonly { readonly id: string; readonly error: string | null }[]) {
  if (wrong.length === 0) return ''
  return html`<section class="held"><h2>Feeds that cannot be read (${wrong.length})</h2><p>What was read of them before is used, where anything was.</p>
<ul>${wrong.slice(0, most).map(({ id, error }) => html`<li><strong>${id}</strong> ${error?.slice(0, 300)}</li>`)}</ul></section>`
}

function oldFeeds(feeds: WatchHealth['feeds']) {
  if (feeds.length === 0)
    return html`<section class="held"><h2>There are no feeds</h2><p>Without feeds no vulnerability of any image is known.</p></section>`
  const old = feeds.filter((feed) => feed.old)
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
  const waivers = await db.selectFrom('waivers').selectAll().execute()
  const late = open.filter(
    (row) => mayRead(row.image) && isLate(row, now()) && !holds(waiverFor(waivers, row), now()),
  )
  if (late.length === 0) return ''
  const shown = late.slice(0, most)
  const names = [...new Set(shown.map(({ image }) => image))]
  const [builds, waiting] = [await lastBuilds(db, names), await waitingImages(db, names)]
  return html`<section class="held"><h2>Late (${late.length})</h2>
<table><thead><tr><th>Image</th><th>Problem</th><th>Package</th><th>Severity</th><th>Was due</th><th>Why</th></tr></thead><tbody>
${shown.map(
  (row) =>
    html`<tr><td>${row.image}</td><td>${row.advisory}</td><td>${row.package} ${row.version}</td><td>${row.severity}</td><td>${row.due.toISOString().slice(0, 10)}</td><td>${afterWaiver(waiverFor(waivers, row), whyOpen(row, builds.get(row.image), waiting.get(row.image)))}</td></tr>`,
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
${images.slice(0, shownImages).map(({ name, tags, grade, vulnerabilities }) => {
  const counts = severities.flatMap((severity) => {
    const count = vulnerabilities[severity]
    return count === undefined ? [] : [`${count} ${severity}`]
  })
  const stable = tags.filter(({ channel }) => channel === 'stable')
  return html`<tr><td>${name}</td><td>${stable.map(({ tag }) => tag).join(', ')}</td><td>${grade ?? ''}</td><td>${counts.join(', ') || 'none'}</td><td>${tags[0]?.built.toISOString().slice(0, 10) ?? ''}</td></tr>`
})}</tbody></table>${images.length > shownImages ? html`<p>These are the first ${shownImages} by name; <code>/api/images</code> has all.</p>` : ''}</section>`
}
