import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

/*
 * The site is docs/ as it is, of each released version and of what is not released: `npm run site`. Search is an index that the site brings along, so that it works offline;
 * a link that leads nowhere fails the build.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Pages beside the generator, which looks for its own modules from where they are. */
const docs = join(root, 'site/pages')
/** Which version these are, and which there are: scripts/site.ts says so. */
const unreleased: Version = { name: 'unreleased', base: '/' }
const { version, versions } = JSON.parse(
  process.env['TEMPER_SITE'] ?? JSON.stringify({ version: unreleased, versions: [unreleased] }),
) as { readonly version: Version; readonly versions: readonly Version[] }

interface Version {
  readonly name: string
  readonly tag?: string
  readonly base: string
}
const repository = 'https://github.com/temper-images/temper'

/** Pages of a folder by their titles; an older version may not have the folder. */
function pages(folder: string) {
  if (!existsSync(join(docs, folder))) return []
  return readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => ({
      text: titleOf(join(docs, folder, name)),
      link: `/${folder}/${name.replace(/\.md$/, '')}`,
    }))
}

function titleOf(path: string): string {
  return /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? path
}

/** Links to files of the repository that are no pages go to the repository. */
function outside(href: string, page: string): string {
  if (/^[a-z]+:|^#/.test(href)) return href
  const [path = '', anchor] = href.split('#')
  const target = posix.normalize(posix.join(dirname(page), path))
  if (existsSync(join(docs, target, 'README.md'))) return `${path}/README.md`
  if (!target.startsWith('../')) return href
  const place = target.replace(/^(?:\.\.\/)+/, '')
  if (version.tag === undefined && !existsSync(join(root, place)))
    throw new Error(`${page}: there is no ${place}`)
  return `${repository}/blob/${version.tag ?? 'main'}/${place}${anchor === undefined ? '' : `#${anchor}`}`
}

export default defineConfig({
  title: 'Temper',
  description: 'Hardened container images, and everything to scan, sign and prove them',
  lang: 'en',
  srcDir: 'pages',
  outDir: './dist',
  cacheDir: './node_modules/.cache',
  rewrites: { 'README.md': 'index.md', ':folder/README.md': ':folder/index.md' },
  cleanUrls: false,
  lastUpdated: false,
  themeConfig: {
    // Read by theme/index.ts.
    version,
    versions,
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Ten minutes', link: '/how-to/start' },
      { text: 'Commands', link: '/reference/cli' },
      { text: 'Words', link: '/glossary' },
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          { text: 'Overview', link: '/' },
          { text: 'Ten minutes', link: '/how-to/start' },
          { text: 'Words', link: '/glossary' },
        ],
      },
      { text: 'How to', items: pages('how-to') },
      { text: 'Catalogue', items: pages('catalog') },
      { text: 'Reference', collapsed: true, items: pages('reference') },
      {
        text: 'How it works',
        collapsed: true,
        items: [
          { text: 'Architecture', link: '/architecture' },
          { text: 'Quality', link: '/quality' },
          ...pages('decisions'),
        ],
      },
    ],
    socialLinks: [{ icon: 'github', link: repository }],
  },
  markdown: {
    config: (md) => {
      // Pages are no templates: two braces are two braces.
      const braces = (html: string) => html.replaceAll('{{', '&#123;&#123;')
      md.renderer.rules.text = (tokens, index) => braces(md.utils.escapeHtml(tokens[index]?.content ?? ''))
      md.renderer.rules.code_inline = (tokens, index) =>
        `<code v-pre>${braces(md.utils.escapeHtml(tokens[index]?.content ?? ''))}</code>`
      md.core.ruler.push('outside-links', (state) => {
        const page = relative(docs, String(state.env.path ?? '')).replaceAll('\\', '/')
        for (const token of state.tokens)
          for (const child of token.children ?? []) {
            const href = child.type === 'link_open' ? child.attrGet('href') : null
            if (href !== null) child.attrSet('href', outside(href, page))
          }
      })
    },
  },
})
