import { type LineStream, streamLines } from '../exec/stream-lines.ts'
import { log } from '../log.ts'
import { openChange, takeMonitorLine } from '../observe/parse-nft-monitor.ts'
import type { TableChange } from '../reconcile/table-change.ts'

type Monitors = {
  readonly enter: readonly string[]
  readonly onTables: (change: TableChange) => void
  readonly onLinks: () => void
  /** Something may have been missed. */
  readonly onGap: () => void
}

const AGAIN_AFTER_MS = 500

/** Hears what happens to tables and network devices, and goes on hearing when a program that tells it ends. */
export function openMonitors({ enter, onTables, onLinks, onGap }: Monitors): { readonly close: () => void } {
  let open = openChange()
  const tables = keepStreaming(['nft', 'monitor'], {
    onStart: () => {
      open = openChange()
      onGap()
    },
    onLine: (line) => {
      const change = takeMonitorLine(open, line)
      if (change === undefined) return
      open = openChange()
      onTables(change)
    },
  })
  const links = keepStreaming(['ip', 'monitor', 'link'], { onStart: onGap, onLine: onLinks })
  return {
    close: () => {
      tables.close()
      links.close()
    },
  }

  function keepStreaming(
    command: readonly string[],
    { onStart, onLine }: { readonly onStart: () => void; readonly onLine: (line: string) => void },
  ): { readonly close: () => void } {
    let stream: LineStream | undefined
    let timer: NodeJS.Timeout | undefined
    let isClosed = false
    const start = () => {
      stream = streamLines(command, {
        enter,
        onLine,
        onEnd: (said) => {
          if (isClosed) return
          log('warning', 'monitor', { text: `${command.join(' ')} ended and is started again: ${said.trim()}` })
          timer = setTimeout(start, AGAIN_AFTER_MS)
        },
      })
      onStart()
    }
    start()
    return {
      close: () => {
        isClosed = true
        clearTimeout(timer)
        stream?.close()
      },
    }
  }
}
