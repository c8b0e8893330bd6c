import type { TraceFrame, TraceModel, TraceVerdict } from './trace.ts'

/** What happens to frames that come one after another, with connection tracking between them. */
export function traceFrames(model: TraceModel, frames: readonly TraceFrame[]): readonly TraceVerdict[] {
  return frames.map(model.start())
}
