import { directionOf, nameOf } from './names.ts'
import type { ChainPlace } from './plan-shape.ts'

/** The name of a chain of a group: `clean-traffic-out.mac`, `clean-traffic-ip-in`. */
export function chainName(name: string, place: ChainPlace): string {
  const end = directionOf(place.side)
  if (place.layer !== 'ethernet') return `${name}-${place.layer}-${end}`
  return place.suffix === 'root' ? `${name}-${end}` : `${name}-${end}.${nameOf(place.suffix)}`
}
