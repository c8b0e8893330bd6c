/** The families whose hooks bridged packets pass with br_netfilter, each by itself. */
export type IpVersion = 'ip' | 'ip6'
/** What the filters of a host need of the hooks of one IP version. */
export type Needs = { readonly tracks: boolean; readonly rejects: boolean; readonly limits: boolean }
