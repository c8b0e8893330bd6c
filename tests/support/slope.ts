/** How fast values grow with time, by least squares, in their unit for each unit of time. */
export function slope(points: readonly { readonly at: number; readonly value: number }[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length
  const [at, value] = [mean(points.map((point) => point.at)), mean(points.map((point) => point.value))]
  const spread = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0)
  const both = points.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0)
  return spread === 0 ? 0 : both / spread
}
