import { Loading } from '../../components/ui/loading.tsx'

export default function LoadingPage() {
  return <Loading />
}
