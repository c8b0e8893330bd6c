import { type FSWatcher, statSync, watch } from 'node:fs'

const SETTLE_MS = 100
const LOOK_EVERY_MS = 2000

/**
 * Calls back when something in a folder changed, at the latest 100 ms after it: once for many changes at a time. The folder may come
 * later, go, and come again, which is seen within two seconds; so are changes where the system has no watches to give (inotify(7),
 * max_user_watches), as far as files come and go. Keeps no process running.
 */
export function watchFolder(folder: string, onChange: () => void): { readonly close: () => void } {
  let watcher: FSWatcher | undefined
  let pending: NodeJS.Timeout | undefined
  let seen = stampOf(folder)
  /** The folder that is watched, or was to be. */
  let watched: string | undefined
  const settle = () => {
    pending ??= setTimeout(() => {
      pending = undefined
      // Taken before the folder is read: what changes afterwards is told again.
      seen = stampOf(folder)
      onChange()
    }, SETTLE_MS).unref()
  }
  const leave = () => {
    watcher?.close()
    watcher = undefined
  }
  const enter = () => {
    leave()
    watched = stampOf(folder)?.place
    try {
      watcher = watch(folder, { persistent: false }, settle)
      watcher.on('error', leave)
    } catch {
      // Not there, or no watch to be had: the next look tries again.
    }
  }
  const look = () => {
    const now = stampOf(folder)
    if (now?.place !== watched || (watcher === undefined && now !== undefined)) enter()
    if (now?.place !== seen?.place || now?.changed !== seen?.changed) settle()
  }
  enter()
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return {
    close: () => {
      clearInterval(timer)
      clearTimeout(pending)
      leave()
    },
  }
}

/** Which folder it is, and when a file came to it or went; undefined where there is none. */
function stampOf(folder: string): { readonly place: string; readonly changed: number } | undefined {
  try {
    const { dev, ino, mtimeMs } = statSync(folder)
    return { place: `${dev}:${ino}`, changed: mtimeMs }
  } catch {
    return undefined
  }
}
