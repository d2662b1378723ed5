import { lazy, Suspense } from 'react'
import { useCart } from './cart.ts'

const MergeNotice = lazy(() => import('./merge-notice.tsx'))

/** Where the outcome of a merge is shown; its content loads only if there is something to say. */
export function CartNews() {
  const { isPending, hasFailed, changes } = useCart().merge
  return (
    <div role="status">
      {isPending || hasFailed || changes !== undefined ? (
        <Suspense>
          <MergeNotice />
        </Suspense>
      ) : null}
    </div>
  )
}

/** The number of items in the cart, for the navigation. */
export function CartCount() {
  const { count } = useCart()
  return count === 0 ? null : <span className="count">{count}</span>
}
