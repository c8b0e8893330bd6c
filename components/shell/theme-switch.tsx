'use client'

import { useEffect, useState } from 'react'

const THEMES = ['system', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

/** System, light or dark; kept in this browser. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>('system')
  useEffect(() => {
    const chosen = localStorage.getItem('sluice-theme')
    setTheme(THEMES.find((known) => known === chosen) ?? 'system')
  }, [])
  const choose = (next: Theme) => {
    setTheme(next)
    localStorage.setItem('sluice-theme', next)
    const dark = next === 'dark' || (next === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
    window.dispatchEvent(new Event('sluice-theme'))
  }
  return (
    <fieldset className="segmented" aria-label="Theme" style={{ margin: 0, padding: 0 }}>
      {THEMES.map((name) => (
        <button key={name} type="button" aria-pressed={theme === name} onClick={() => choose(name)}>
          {name === 'system' ? 'Auto' : name === 'light' ? 'Light' : 'Dark'}
        </button>
      ))}
    </fieldset>
  )
}
