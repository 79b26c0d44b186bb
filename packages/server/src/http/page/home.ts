import { html } from 'hono/html'
import { may } from '../../auth/principal.ts'
import { type Held, overviewOf, type RepositoryOverview } from '../../registry/overview.ts'
import type { Api } from '../app.ts'
import type { ApiWorld } from '../world.ts'
import { factorySections } from './factory.ts'
import { style } from './style.ts'

/** Repositories of one page, and tags of one repository: the page is read by people. */
const [shown, shownTags] = [50, 100]

/** `/`: an overview for people, as one page that needs no script. */
export function addHomePage(app: Api, { storage, factory, signIn, now }: ApiWorld): void {
  app.get('/', async (c) => {
    const mayRead = (name: string) => may(c.var.principal, 'pull', name)
    const after = c.req.query('after')?.slice(0, 500) ?? ''
    const { repositories, hasMore } = await overviewOf(storage, { after, limit: shown, mayRead })
    const held: Held[] = []
    for (const { name } of repositories)
      for (const each of await storage.repository(name).quarantined()) held.push({ name, ...each })
    const nonce = c.get('secureHeadersNonce') ?? ''
    return c.html(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Temper</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<header><h1>Temper</h1><p>${c.var.principal.name}</p>${signIn === undefined ? '' : html`<form method="post" action="/sign-out"><button>Sign out</button></form>`}</header>
<main>
${factory === undefined || after !== '' ? '' : await factorySections(factory, c.var.principal)}
${quarantineOf(held)}
${repositoriesOf(repositories, { now: now(), after })}
${hasMore ? html`<p><a href="/?after=${encodeURIComponent(repositories.at(-1)?.name ?? '')}" rel="next">More repositories</a></p>` : ''}
</main>
</body>
</html>`)
  })
}

function quarantineOf(held: readonly Held[]) {
  if (held.length === 0) return ''
  return html`<section class="held"><h2>Refused by the policy (${held.length})</h2>
<ul>${held.map(
    ({ name, digest, tags, policy, reasons }) => html`<li>
<strong>${name}</strong> <code>${short(digest)}</code>, which was to be ${tags.join(', ')}, by ${policy}:
<ul>${reasons.slice(0, 5).map(({ rule, found }) => html`<li><code>${rule}</code> ${found}</li>`)}</ul>
${reasons.length > 5 ? html`<p>and ${reasons.length - 5} more reasons</p>` : ''}</li>`,
  )}</ul></section>`
}

function repositoriesOf(
  repositories: readonly RepositoryOverview[],
  { now, after }: { readonly now: Date; readonly after: string },
) {
  if (repositories.length === 0 && after !== '') return html`<section><h2>No more repositories</h2></section>`
  if (repositories.length === 0)
    return html`<section><h2>Nothing here yet</h2><p>Push an image, with any user name and a token as the password.</p></section>`
  return repositories.map(
    ({ name, tags }) => html`<section><h2>${name}</h2>
<table><thead><tr><th>Tag</th><th>Digest</th><th>Set</th></tr></thead><tbody>
${tags
  .slice(0, shownTags)
  .map(
    ({ tag, digest, pushed }) =>
      html`<tr><td>${tag}</td><td><code title="${digest}">${short(digest)}</code></td><td><time datetime="${pushed}">${ago(pushed, now)}</time></td></tr>`,
  )}
</tbody></table>
${tags.length > shownTags ? html`<p>and ${tags.length - shownTags} more tags</p>` : ''}${tags.length === 0 ? html`<p>no tags</p>` : ''}</section>`,
  )
}

function short(digest: string): string {
  return digest.slice(0, digest.indexOf(':') + 13)
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

function ago(time: string, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - Date.parse(time)) / 1000)
  const unit = units.find(([, size]) => seconds >= size)
  if (unit === undefined) return 'just now'
  const count = Math.floor(seconds / unit[1])
  return `${count} ${unit[0]}${count === 1 ? '' : 's'} ago`
}
