'use client'

import { useSyncExternalStore } from 'react'

/** Whether the page is dark now; editor and graph have themes of their own to set. */
export function useDark(): boolean {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('sluice-theme', changed)
      return () => window.removeEventListener('sluice-theme', changed)
    },
    () => document.documentElement.dataset.theme === 'dark',
    () => false,
  )
}
