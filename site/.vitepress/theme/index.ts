import { useData } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import { h } from 'vue'
import './versions.css'

interface Versions {
  readonly version: { readonly name: string }
  readonly versions: readonly { readonly name: string; readonly base: string }[]
}

/** The list of versions. Each is a site of its own to the generator, so links of its own would stay in this one. */
function versionList() {
  const { theme } = useData<Versions>()
  const { version, versions } = theme.value
  const options = versions.map(({ name, base }) =>
    h('option', { value: base, selected: name === version.name }, name),
  )
  const onChange = ({ target }: Event) => {
    window.location.href = (target as HTMLSelectElement).value
  }
  return h('label', { class: 'versions' }, [
    h('span', { class: 'visually-hidden' }, 'Version'),
    h('select', { onChange }, options),
  ])
}

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'nav-bar-content-after': () => h(versionList),
      'nav-screen-content-after': () => h(versionList),
    }),
}
